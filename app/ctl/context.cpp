// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/context.h"

#include "app/ctl/mailbox.h"
#include "app/ctl/printable.h"
#include "app/ctl/text.h"

#include <QJsonDocument>

#include <algorithm>

namespace faultline::ctl {

namespace {

void put(std::ostream &stream, const QByteArray &bytes)
{
    stream.write(bytes.constData(), bytes.size());
    stream.flush();
}

} // namespace

Context::Context(Parts parts)
    : m_parts(std::move(parts))
{
}

void Context::print(const QString &text)
{
    put(m_parts.out, printable(text).toUtf8());
}

void Context::print(const QJsonObject &object)
{
    put(m_parts.out, QJsonDocument(object).toJson(QJsonDocument::Indented));
}

void Context::write(const QByteArray &bytes)
{
    put(m_parts.out, bytes);
}

void Context::progress(const QString &line)
{
    put(isJson() ? m_parts.err : m_parts.out, printable(line).toUtf8() + '\n');
}

void Context::remark(const QString &line)
{
    put(m_parts.err, printable(line).toUtf8() + '\n');
}

std::chrono::milliseconds Context::remaining() const
{
    using std::chrono::milliseconds;
    const auto left = std::chrono::duration_cast<milliseconds>(
        m_parts.deadline - std::chrono::steady_clock::now());
    return std::max(left, milliseconds(0));
}

domain::Result<void> Context::pause(std::chrono::milliseconds time) const
{
    Mailbox<int> nobody;
    (void)nobody.take(std::min(time, remaining()), m_parts.token);
    if (m_parts.token.isCancelled())
        return domain::failure(domain::ErrorKind::Cancelled, Text::tr("Cancelled."));
    return {};
}

} // namespace faultline::ctl
