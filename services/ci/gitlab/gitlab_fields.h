// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/ci_details.h"
#include "services/json/reader.h"

/// What the parsers of GitLab's smaller answers share. For .cpp files of parsers only.
namespace faultline::ci::gitlab {

/// `take` on the fields of a nested object; null and anything else is passed over.
template <typename Take>
void eachFieldOf(json::Value &value, Take take)
{
    if (value.type() == simdjson::ondemand::json_type::object)
        json::eachField(value.get_object(), take);
}

template <typename T>
[[nodiscard]] QList<T> listOf(json::Value &value, void (*read)(json::Object, T &))
{
    QList<T> out;
    if (value.type() != simdjson::ondemand::json_type::array)
        return out;
    for (auto element : value.get_array())
        read(element.get_object(), out.emplaceBack());
    return out;
}

template <typename T>
[[nodiscard]] domain::Result<QList<T>> parseListOf(
    const QByteArray &bytes, const QString &where, void (*read)(json::Object, T &))
{
    return json::parse(bytes, where, [read](simdjson::ondemand::document &document) {
        QList<T> out;
        for (auto element : document.get_array())
            read(element.get_object(), out.emplaceBack());
        return out;
    });
}

template <typename T>
[[nodiscard]] domain::Result<T> parseOneOf(
    const QByteArray &bytes, const QString &where, void (*read)(json::Object, T &))
{
    return json::parse(bytes, where, [read](simdjson::ondemand::document &document) {
        T out;
        read(document.get_object(), out);
        return out;
    });
}

template <typename Id>
void requireId(const Id &id, const char *what)
{
    if (id.value() <= 0)
        throw json::Unexpected{ QStringLiteral("%1 has no id").arg(QLatin1StringView(what)) };
}

[[nodiscard]] inline domain::OpenEnum<domain::CiStatus> statusOf(json::Value &value)
{
    return domain::OpenEnum<domain::CiStatus>::fromText(json::text(value));
}

/// One field of a nested object, by its hash.
[[nodiscard]] inline QString textIn(json::Value &object, quint64 wanted)
{
    QString out;
    eachFieldOf(object, [&](quint64 field, json::Value &value) {
        if (field == wanted)
            out = json::text(value);
    });
    return out;
}

[[nodiscard]] inline QString userNameOf(json::Value &user)
{
    return textIn(user, json::name("username"));
}

} // namespace faultline::ci::gitlab
