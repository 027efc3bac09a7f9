// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/body_sink.h"

#include <QSaveFile>

namespace faultline::net {

/// A file that is there whole or not at all: bytes go into a temporary file beside it, which takes
/// its name at the end. Destroying it before commit() leaves what was there before.
class FileSink : public BodySink
{
public:
    explicit FileSink(const QString &path);

    [[nodiscard]] domain::Result<std::monostate> begin() override;
    [[nodiscard]] domain::Result<std::monostate> write(QByteArrayView bytes) override;
    /// Writes it to the disk and gives it its name; ErrorKind::Local when that fails.
    [[nodiscard]] domain::Result<std::monostate> commit();

    [[nodiscard]] qint64 size() const { return m_size; }
    /// The last bytes written, at most 128 KiB: an archive's end tells whether it is whole.
    [[nodiscard]] const QByteArray &tail() const { return m_tail; }

private:
    [[nodiscard]] tl::unexpected<domain::Error> failed() const;

    QSaveFile m_file;
    qint64 m_size = 0;
    QByteArray m_tail;
};

} // namespace faultline::net
