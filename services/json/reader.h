// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"

#include <simdjson.h>

#include <QByteArray>
#include <QJsonValue>
#include <QMap>
#include <QStringList>

#include <array>
#include <memory>
#include <string_view>
#include <type_traits>
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
/// compiler. Takes eight bytes at a time.
[[nodiscard]] constexpr quint64 name(std::string_view text)
{
    constexpr quint64 mix = 0x9e3779b97f4a7c15ULL;
    quint64 hash = text.size() * mix;
    for (size_t at = 0; at < text.size(); at += 8) {
        quint64 word = 0;
        for (size_t i = 0; i < 8 && at + i < text.size(); ++i)
            word |= quint64(static_cast<unsigned char>(text[at + i])) << (8 * i);
        hash = (hash ^ word) * mix;
        hash ^= hash >> 29;
    }
    return hash;
}

/// name() of the text that starts at `key` and ends before the next '"'. Reads up to seven bytes
/// behind that, which the padding of an answer allows.
[[nodiscard]] quint64 nameAt(const char *key);

/// Calls `take(hash of name, value)` for each field until it says true (or nothing) for "enough"; a
/// value that isn't taken is skipped.
template <typename Take>
void eachField(Object object, Take take)
{
    for (auto field : object) {
        const quint64 hash = nameAt(field.key().value().raw());
        Value value = field.value();
        if constexpr (std::is_same_v<std::invoke_result_t<Take, quint64, Value &>, bool>) {
            if (take(hash, value))
                return;
        } else {
            take(hash, value);
        }
    }
}

[[nodiscard]] bool isNull(Value &value);

/// Text of a string, digits of a number, "true" or "false"; empty for anything else.
[[nodiscard]] QString text(Value &value);

/// A whole number, also when written as a string or as 12.0; `fallback` for anything that isn't
/// one. A number that 64 bits can't hold throws NUMBER_ERROR rather than lose digits.
[[nodiscard]] qint64 integer(Value &value, qint64 fallback);
[[nodiscard]] bool boolean(Value &value, bool fallback);

/// A value of any kind, as Qt has it.
[[nodiscard]] QJsonValue anyValue(Value &value);

/// UTC; an ISO-8601 text or milliseconds since 1970; invalid for anything else.
[[nodiscard]] QDateTime time(Value &value);

/// An array's texts; empty for anything else.
[[nodiscard]] QStringList texts(Value &value);
/// An object's fields as texts; empty for anything else.
[[nodiscard]] QMap<QString, QString> textMap(Value &value);

/// Texts that repeat in an answer (states, names of refs and people) share one QString, most of
/// them: a small table remembers the last text of each kind. Valid while its answer is.
class SharedTexts
{
public:
    [[nodiscard]] QString text(Value &value);
    [[nodiscard]] QStringList texts(Value &value);

private:
    template <typename T>
    struct Remembered
    {
        std::string_view bytes;
        T value;
    };

    [[nodiscard]] const QString &shared(std::string_view bytes);

    std::array<Remembered<QString>, 256> m_texts;
    std::array<Remembered<QStringList>, 32> m_lists;
};

/// An answer that simdjson can read: with the bytes behind it that it may look at. An answer whose
/// buffer has room behind it (see net::BodyCollector) isn't copied; else the copy's buffer, like
/// the parser, is the thread's own and used again, unless it has become large.
class Readable
{
public:
    explicit Readable(const QByteArray &bytes);
    ~Readable();
    Readable(const Readable &) = delete;
    Readable &operator=(const Readable &) = delete;

    [[nodiscard]] simdjson::ondemand::document document();

private:
    struct Tools;
    [[nodiscard]] static std::unique_ptr<Tools> &spareTools();

    const QByteArray &m_bytes;
    std::unique_ptr<Tools> m_tools;
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
        Readable readable(bytes);
        simdjson::ondemand::document document = readable.document();
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
