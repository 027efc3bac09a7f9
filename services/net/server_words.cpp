// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/server_words.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QStringList>

#include <array>

namespace faultline::net {

namespace {

constexpr qsizetype longestWords = 4096;
constexpr qsizetype longestExamined = 64 * 1024;

QString wordsOf(const QJsonValue &value, int depth)
{
    if (depth > 4)
        return {};
    if (value.isString())
        return value.toString();
    if (value.isDouble() || value.isBool())
        return value.toVariant().toString();
    QStringList parts;
    for (const QJsonValue item : value.toArray())
        parts << wordsOf(item, depth + 1);
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it)
        parts << it.key() + QStringLiteral(": ") + wordsOf(it.value(), depth + 1);
    return parts.join(QStringLiteral("; "));
}

QString wordsOfJson(const QJsonObject &object)
{
    static const std::array<QString, 7> fields{ QStringLiteral("message"), QStringLiteral("error"),
        QStringLiteral("error_description"), QStringLiteral("detail"), QStringLiteral("fieldName"),
        QStringLiteral("errors"), QStringLiteral("code") };
    QStringList parts;
    for (const QString &field : fields) {
        const QString words = wordsOf(object.value(field), 0).trimmed();
        if (!words.isEmpty() && !parts.contains(words))
            parts << words;
    }
    return parts.join(QStringLiteral(": "));
}

QString titleOf(const QString &html)
{
    static const QRegularExpression title(
        QStringLiteral("<title[^>]*>([^<]{0,4096})"), QRegularExpression::CaseInsensitiveOption);
    return title.match(html).captured(1);
}

QString beginning(const HttpResponse &response)
{
    return QString::fromUtf8(response.body.left(longestExamined));
}

} // namespace

QString tidied(const QString &text)
{
    QString out;
    out.reserve(std::min(text.size(), longestWords));
    for (const QChar c : text.left(longestWords * 2)) {
        const bool hidden = c.category() == QChar::Other_Control
            || c.category() == QChar::Other_Format || c.category() == QChar::Separator_Line
            || c.category() == QChar::Separator_Paragraph;
        out += hidden ? QChar(u' ') : c;
    }
    out = out.simplified();
    while (out.toUtf8().size() > longestWords)
        out.chop(std::max<qsizetype>(1, (out.toUtf8().size() - longestWords) / 4));
    if (!out.isEmpty() && out.back().isHighSurrogate())
        out.chop(1);
    return out;
}

QString withoutSecrets(QString text, const QList<Header> &headers)
{
    for (const Header &header : headers) {
        const QString value = QString::fromUtf8(header.second);
        for (const QString &secret : { value, value.section(u' ', 1) }) {
            if (secret.size() >= 4)
                text.replace(secret, QStringLiteral("***"), Qt::CaseInsensitive);
        }
    }
    return text;
}

QString serverWords(const HttpResponse &response)
{
    if (isHtml(response))
        return tidied(titleOf(beginning(response)));
    if (response.body.size() <= longestExamined) {
        const QJsonDocument document = QJsonDocument::fromJson(response.body);
        if (document.isObject())
            return tidied(wordsOfJson(document.object()));
    }
    return tidied(beginning(response));
}

bool isHtml(const HttpResponse &response)
{
    const QByteArray type = response.header("Content-Type").toLower();
    if (type.startsWith("text/html") || type.startsWith("application/xhtml"))
        return true;
    if (type.contains("json"))
        return false;
    const QByteArray start = response.body.left(256).trimmed().toLower();
    return start.startsWith("<!doctype html") || start.startsWith("<html");
}

bool looksLikeSignIn(const HttpResponse &response)
{
    static const QRegularExpression page(
        QStringLiteral("type=[\"']?password|name=[\"']?samlre|\\b(sign[ -_]?in|log[ -_]?in|"
                       "single sign-on|sso|saml)\\b"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression address(
        QStringLiteral("(sign_?in|log_?in|sso|saml|oauth|openid|authorize)"),
        QRegularExpression::CaseInsensitiveOption);
    return isHtml(response)
        && (page.match(beginning(response)).hasMatch()
            || address.match(response.url.path()).hasMatch());
}

} // namespace faultline::net
