// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

/** Of curves and their axes, told apart also by those who see few colours, on white and on black. */
export const COLOURS = {
  light: ['#0b5cad', '#b3400e', '#1c7a3a', '#7b3fb5', '#8a6500', '#b0126b', '#0a7480', '#4d4d4d'],
  dark: ['#6db3f7', '#ff9d5c', '#63d08a', '#c39bf5', '#e8c04a', '#ff85c2', '#55cfdc', '#c8c8c8'],
};
