// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"

namespace faultline::settings {

/// Reads an entry of the system keychain (service "faultline"). The keychain may ask the person for
/// a password, so this may take up to two minutes. Its jobs belong to the main thread: on another
/// thread this waits for the main thread's event loop, on the main thread it runs a local one.
/// Errors: NotFound, Local, Timeout.
[[nodiscard]] domain::Result<QByteArray> readKeychainEntry(const QString &entry);

} // namespace faultline::settings
