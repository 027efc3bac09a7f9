// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/json/reader.h"

#include "services/json/iso_time.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace faultline::json {

namespace {

using Type = simdjson::ondemand::json_type;

/// Bytes of a string value. Decoding escapes copies; without any (nearly always) the answer itself
/// is the text.
std::string_view bytesOf(Value &value)
{
    const std::string_view token = value.raw_json_token();
    if (std::memchr(token.data(), '\\', token.size()))
        return value.get_string();
    const auto raw = value.get_raw_json_string().value();
    const size_t end = token.find_last_of('"');
    return { raw.raw(), end - 1 };
}

QString fromBytes(std::string_view bytes)
{
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

std::string_view trimmed(std::string_view token)
{
    const size_t end = token.find_last_not_of(" \t\r\n");
    return token.substr(0, end + 1);
}

qint64 wholeNumber(const simdjson::ondemand::number &number, qint64 fallback)
{
    if (number.is_int64())
        return number.get_int64();
    if (number.is_uint64())
        throw simdjson::simdjson_error(simdjson::NUMBER_ERROR);
    constexpr double largest = 9.2e18;
    const double real = number.get_double();
    return std::isfinite(real) && std::abs(real) < largest ? std::llround(real) : fallback;
}

/// Where a table keeps a text.
size_t slotOf(std::string_view bytes)
{
    quint64 head = 0;
    quint64 tail = 0;
    const size_t part = std::min<size_t>(bytes.size(), 8);
    std::memcpy(&head, bytes.data(), part);
    std::memcpy(&tail, bytes.data() + bytes.size() - part, part);
    const quint64 hash = (head ^ (tail << 1) ^ bytes.size()) * 0x9e3779b97f4a7c15ULL;
    return static_cast<size_t>(hash >> 40);
}

} // namespace

quint64 nameAt(const char *key)
{
    // The same as name(), with the end found on the way: a byte is '"' where `marks` is zero.
    constexpr quint64 mix = 0x9e3779b97f4a7c15ULL;
    constexpr quint64 ones = 0x0101010101010101ULL;
    const char *end = key;
    quint64 last = 0;
    quint64 found = 0;
    for (;; end += 8) {
        std::memcpy(&last, end, 8);
        const quint64 marks = last ^ (ones * quint64('"'));
        found = (marks - ones) & ~marks & (ones << 7);
        if (found != 0)
            break;
    }
    const int rest = std::countr_zero(found) / 8;
    const auto size = static_cast<size_t>(end - key) + static_cast<size_t>(rest);
    quint64 hash = size * mix;
    for (; key != end; key += 8) {
        quint64 word = 0;
        std::memcpy(&word, key, 8);
        hash = (hash ^ word) * mix;
        hash ^= hash >> 29;
    }
    if (rest > 0) {
        hash = (hash ^ (last & (~0ULL >> (64 - 8 * rest)))) * mix;
        hash ^= hash >> 29;
    }
    return hash;
}

bool isNull(Value &value)
{
    return value.type() == Type::null;
}

QString text(Value &value)
{
    switch (value.type()) {
    case Type::string:
        return fromBytes(bytesOf(value));
    case Type::number:
    case Type::boolean:
        return fromBytes(trimmed(value.raw_json_token()));
    default:
        return {};
    }
}

qint64 integer(Value &value, qint64 fallback)
{
    switch (value.type()) {
    case Type::number:
        return wholeNumber(value.get_number(), fallback);
    case Type::string: {
        bool isNumber = false;
        const std::string_view bytes = bytesOf(value);
        const qint64 out = QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size()))
                               .toLongLong(&isNumber);
        return isNumber ? out : fallback;
    }
    default:
        return fallback;
    }
}

QJsonValue anyValue(Value &value)
{
    std::string_view bytes;
    if (value.type() == Type::array)
        bytes = value.get_array().value().raw_json().value();
    else if (value.type() == Type::object)
        bytes = value.get_object().value().raw_json().value();
    else
        bytes = trimmed(value.raw_json_token());
    QByteArray list("[");
    list.append(bytes.data(), static_cast<qsizetype>(bytes.size())).append(']');
    return QJsonDocument::fromJson(list).array().at(0);
}

bool boolean(Value &value, bool fallback)
{
    switch (value.type()) {
    case Type::boolean:
        return value.get_bool();
    case Type::string: {
        const std::string_view bytes = bytesOf(value);
        return bytes == "true" || (bytes != "false" && fallback);
    }
    default:
        return fallback;
    }
}

QDateTime time(Value &value)
{
    switch (value.type()) {
    case Type::string:
        return isoTime(bytesOf(value));
    case Type::number: {
        const qint64 milliseconds = integer(value, 0);
        return milliseconds > 0 ? QDateTime::fromMSecsSinceEpoch(milliseconds, Qt::UTC)
                                : QDateTime();
    }
    default:
        return {};
    }
}

QStringList texts(Value &value)
{
    QStringList out;
    if (value.type() != Type::array)
        return out;
    for (auto element : value.get_array()) {
        Value one = element.value();
        out.append(text(one));
    }
    return out;
}

QMap<QString, QString> textMap(Value &value)
{
    QMap<QString, QString> out;
    if (value.type() != Type::object)
        return out;
    for (auto field : value.get_object()) {
        const QString key = fromBytes(field.unescaped_key());
        Value one = field.value();
        out.insert(key, text(one));
    }
    return out;
}

const QString &SharedTexts::shared(std::string_view bytes)
{
    Remembered<QString> &slot = m_texts[slotOf(bytes) % m_texts.size()];
    if (slot.bytes != bytes || slot.bytes.data() == nullptr)
        slot = { bytes, fromBytes(bytes) };
    return slot.value;
}

QString SharedTexts::text(Value &value)
{
    return value.type() == Type::string ? shared(bytesOf(value)) : json::text(value);
}

QStringList SharedTexts::texts(Value &value)
{
    if (value.type() != Type::array)
        return {};
    const std::string_view raw = value.get_array().value().raw_json();
    Remembered<QStringList> &slot = m_lists[slotOf(raw) % m_lists.size()];
    if (slot.bytes == raw)
        return slot.value;
    // The list's own bytes were passed over; the same text is read once more, which happens once
    // per distinct list.
    simdjson::ondemand::parser parser;
    const simdjson::padded_string padded(raw);
    simdjson::ondemand::document document = parser.iterate(padded);
    QStringList out;
    for (auto element : document.get_array()) {
        Value one = element.value();
        out.append(json::text(one));
    }
    slot = { raw, out };
    return out;
}

struct Readable::Tools
{
    simdjson::ondemand::parser parser;
    QByteArray copy;
};

std::unique_ptr<Readable::Tools> &Readable::spareTools()
{
    thread_local std::unique_ptr<Tools> spare;
    return spare;
}

Readable::Readable(const QByteArray &bytes)
    : m_bytes(bytes)
    , m_tools(std::move(spareTools()))
{
    if (!m_tools) // the first one, or one within another
        m_tools = std::make_unique<Tools>();
}

Readable::~Readable()
{
    constexpr qsizetype largestKept = 1 << 20;
    if (m_bytes.size() <= largestKept)
        spareTools() = std::move(m_tools);
}

simdjson::ondemand::document Readable::document()
{
    constexpr qsizetype padding = simdjson::SIMDJSON_PADDING;
    const QByteArray *source = &m_bytes;
    if (m_bytes.capacity() - m_bytes.size() < padding) {
        m_tools->copy.reserve(m_bytes.size() + padding);
        m_tools->copy.resize(0);
        m_tools->copy.append(m_bytes);
        source = &m_tools->copy;
    }
    return m_tools->parser.iterate(source->constData(), static_cast<size_t>(source->size()),
        static_cast<size_t>(source->capacity()));
}

domain::Error brokenAnswer(
    const QByteArray &bytes, const QString &where, const QString &what, const char *parserWords)
{
    domain::Error out;
    out.kind = domain::ErrorKind::Server;
    out.where = where;
    out.mayRetry = true;
    const QByteArray start = bytes.left(256).trimmed();
    if (start.isEmpty()) {
        out.message = QCoreApplication::translate("json", "The server's answer is empty.");
    } else if (start.startsWith('<')) {
        out.message = QCoreApplication::translate("json",
            "The server answered with a web page instead of data; check the address, and whether a "
            "proxy or a "
            "sign-in page stands in between.");
    } else {
        const QString reason = what.isEmpty() ? QString::fromLatin1(parserWords) : what;
        out.message
            = QCoreApplication::translate("json", "The server's answer can't be understood: %1")
                  .arg(reason);
    }
    return out;
}

} // namespace faultline::json
