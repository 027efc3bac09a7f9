// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/file_sink.h"

#include <QCoreApplication>

namespace faultline::net {

namespace {

constexpr qsizetype longestTail = 64 << 10;

} // namespace

FileSink::FileSink(const QString &path)
    : m_file(path)
{
}

tl::unexpected<domain::Error> FileSink::failed() const
{
    return domain::failure(domain::ErrorKind::Local,
        QCoreApplication::translate("net", "\"%1\" can't be written: %2.")
            .arg(m_file.fileName(), m_file.errorString()));
}

domain::Result<std::monostate> FileSink::begin()
{
    m_size = 0;
    m_tail.clear();
    if (!m_file.isOpen() && !m_file.open(QIODevice::WriteOnly))
        return failed();
    if (!m_file.seek(0) || !m_file.resize(0))
        return failed();
    return std::monostate();
}

domain::Result<std::monostate> FileSink::write(QByteArrayView bytes)
{
    if (m_file.write(bytes.data(), bytes.size()) != bytes.size())
        return failed();
    m_size += bytes.size();
    m_tail.append(bytes.last(std::min(bytes.size(), longestTail)));
    if (m_tail.size() > 2 * longestTail)
        m_tail.remove(0, m_tail.size() - longestTail);
    return std::monostate();
}

domain::Result<std::monostate> FileSink::commit()
{
    if (!m_file.isOpen() || !m_file.commit())
        return failed();
    return std::monostate();
}

} // namespace faultline::net
