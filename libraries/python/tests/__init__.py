# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
