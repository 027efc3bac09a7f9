// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"

#include <simdjson.h>

#include <QByteArray>
#include <QHash>
#include <QMap>
#include <QStringList>

#include <string_view>
#include <utility>

/// What parsers of server answers share: simdjson in, Qt types out. For .cpp files of parsers only
/// (the header of simdjson costs seconds). The functions throw simdjson::simdjson_error on broken
/// JSON; parse() catches it. They are tolerant where servers are: null or a missing field is an
/// empty value, and a number may be a string.
namespace faultline::json {

using Value = simdjson::ondemand::value;
using Object = simdjson::ondemand::object;

/// A well-formed answer that doesn't mean what it should (no id, a collection without its list).
struct Unexpected
{
    QString what; ///< for people, e.g. "a job without id"
};

/// Hash of a field's name for `switch`; names used as cases are checked against each other by the
/// compiler.
[[nodiscard]] constexpr quint64 name(std::string_view text)
{
    quint64 hash = 14695981039346656037ULL;
    for (const char letter : text)
        hash = (hash ^ static_cast<unsigned char>(letter)) * 1099511628211ULL;
    return hash;
}

/// Calls `take(hash of name, value)` for each field; a value that isn't taken is skipped.
template <typename Take>
void eachField(Object object, Take take)
{
    for (auto field : object) {
        const char *begin = field.key().value().raw();
        const char *end = begin;
        quint64 hash = name({});
        for (; *end != '"'; ++end) // no field that we know has an escape in its name
            hash = (hash ^ static_cast<unsigned char>(*end)) * 1099511628211ULL;
        Value value = field.value();
        take(hash, value);
    }
}

[[nodiscard]] bool isNull(Value &value);

/// Text of a string, digits of a number, "true" or "false"; empty for anything else.
[[nodiscard]] QString text(Value &value);

/// A whole number, also when written as a string or as 12.0; `fallback` for anything that isn't
/// one. A number that 64 bits can't hold throws NUMBER_ERROR rather than lose digits.
[[nodiscard]] qint64 integer(Value &value, qint64 fallback);
[[nodiscard]] bool boolean(Value &value, bool fallback);

/// UTC; an ISO-8601 text or milliseconds since 1970; invalid for anything else.
[[nodiscard]] QDateTime time(Value &value);

/// An array's texts; empty for anything else.
[[nodiscard]] QStringList texts(Value &value);
/// An object's fields as texts; empty for anything else.
[[nodiscard]] QMap<QString, QString> textMap(Value &value);

/// Texts that repeat in an answer (states, names of refs and people) share one QString. Valid while
/// its answer is.
class SharedTexts
{
public:
    [[nodiscard]] QString text(Value &value);
    [[nodiscard]] QStringList texts(Value &value);

private:
    [[nodiscard]] const QString &shared(std::string_view bytes);

    QHash<QByteArrayView, QString> m_texts;
    QHash<QByteArrayView, QStringList> m_lists;
};

[[nodiscard]] domain::Error brokenAnswer(
    const QByteArray &bytes, const QString &where, const QString &what, const char *parserWords);

/// `read(document)` over an answer; whatever is wrong with the answer becomes an ErrorKind::Server
/// that says what.
template <typename Read>
auto parse(const QByteArray &bytes, const QString &where, Read read)
    -> domain::Result<decltype(read(std::declval<simdjson::ondemand::document &>()))>
{
    try {
        const simdjson::padded_string padded(bytes.constData(), static_cast<size_t>(bytes.size()));
        simdjson::ondemand::parser parser;
        simdjson::ondemand::document document = parser.iterate(padded);
        auto out = read(document);
        const char *rest = nullptr;
        if (!document.current_location().get(rest))
            throw Unexpected{ QStringLiteral("text after its end") };
        return out;
    } catch (const simdjson::simdjson_error &error) {
        return domain::failure(brokenAnswer(bytes, where, {}, error.what()));
    } catch (const Unexpected &unexpected) {
        return domain::failure(brokenAnswer(bytes, where, unexpected.what, nullptr));
    }
}

} // namespace faultline::json
