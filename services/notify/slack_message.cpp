// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/notify/slack_message.h"

#include "services/notify/text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QUrl>

namespace faultline::notify {

namespace {

constexpr qsizetype longestHeader = 150;
constexpr qsizetype longestPart = 1'000;
constexpr qsizetype longestUrl = 900;
constexpr qsizetype longestSection = 2'900;
constexpr qsizetype longestLine = 300;
constexpr qsizetype mostContainers = 8;
constexpr qsizetype mostLinks = 8;

QString emojiOf(const QString &verdict)
{
    if (verdict == u"pass")
        return QStringLiteral(":large_green_circle:");
    if (verdict == u"fail" || verdict == u"leaked")
        return QStringLiteral(":red_circle:");
    return QStringLiteral(":large_orange_circle:");
}

/// Back quotes would begin or end a code block.
QChar plainLetter(QChar letter)
{
    if (letter.unicode() < 0x20)
        return u' ';
    return letter == u'`' ? QChar(u'\'') : letter;
}

QJsonObject plain(const QString &text)
{
    return { { QStringLiteral("type"), QStringLiteral("plain_text") },
        { QStringLiteral("text"), text.left(longestHeader) }, { QStringLiteral("emoji"), true } };
}

QJsonObject markdown(const QString &text)
{
    return { { QStringLiteral("type"), QStringLiteral("mrkdwn") },
        { QStringLiteral("text"), text } };
}

QJsonObject section(const QString &text)
{
    return { { QStringLiteral("type"), QStringLiteral("section") },
        { QStringLiteral("text"), markdown(text) } };
}

void addField(QJsonArray &fields, const QString &label, const QString &value)
{
    if (!value.isEmpty() && fields.size() < 10)
        fields += markdown(QStringLiteral("*%1*\n%2").arg(label, value));
}

/// Ids become mentions; any other word stays a word.
QString mention(const QString &who)
{
    static const QRegularExpression user(QStringLiteral("^[UW][A-Z0-9]{6,20}$"));
    static const QRegularExpression group(QStringLiteral("^S[A-Z0-9]{6,20}$"));
    if (who == u"here" || who == u"channel")
        return QStringLiteral("<!%1>").arg(who);
    if (user.match(who).hasMatch())
        return QStringLiteral("<@%1>").arg(who);
    if (group.match(who).hasMatch())
        return QStringLiteral("<!subteam^%1>").arg(who);
    return slackText(who, 80);
}

QString ownerText(const RunNotice &notice)
{
    QStringList out{ slackText(
        notice.person.isEmpty() ? notice.team : notice.team + u'/' + notice.person, 80) };
    for (const QString &who : notice.mentions.mid(0, 10))
        out += mention(who);
    return out.join(u' ');
}

QString codeBlock(const QStringList &lines)
{
    QString out;
    for (const QString &line : lines)
        out += slackText(line, longestLine) + u'\n';
    return QStringLiteral("```\n") + out + QStringLiteral("```");
}

QString containersText(const RunNotice &notice)
{
    QStringList lines;
    for (const RunNotice::Container &row : notice.containers.mid(0, mostContainers))
        lines += QStringLiteral("%1  %2  %3").arg(row.name, row.host, row.ports);
    if (notice.containers.size() > mostContainers)
        lines += Text::tr("and %1 more").arg(notice.containers.size() - mostContainers);
    return codeBlock(lines);
}

QString linksText(const RunNotice &notice)
{
    QString out;
    for (const RunNotice::Link &link : notice.links.mid(0, mostLinks)) {
        const QUrl url(link.url, QUrl::StrictMode);
        const bool isKnown
            = url.scheme() == u"https" || url.scheme() == u"http" || url.scheme() == u"faultline";
        QString target = url.toString(QUrl::FullyEncoded);
        target.replace(u'|', QStringLiteral("%7C")).replace(u'&', QStringLiteral("&amp;"));
        if (!isKnown || !url.userInfo().isEmpty() || target.size() > longestUrl)
            continue;
        const QString one = QStringLiteral("<%1|%2>").arg(
            target, slackText(QString(link.label).replace(u'|', u'/'), 80));
        if (out.size() + one.size() < longestSection)
            out += (out.isEmpty() ? QString() : QStringLiteral("  ·  ")) + one;
    }
    return out;
}

QByteArray messageOf(const QString &fallback, const QJsonArray &blocks)
{
    return QJsonDocument(
        QJsonObject{ { QStringLiteral("text"), fallback }, { QStringLiteral("blocks"), blocks } })
        .toJson(QJsonDocument::Compact);
}

QJsonObject headerOf(const QString &text)
{
    return { { QStringLiteral("type"), QStringLiteral("header") },
        { QStringLiteral("text"), plain(text) } };
}

QString expiryText(const RunNotice &notice)
{
    return Text::tr("until %1").arg(notice.expires.toUTC().toString(Qt::ISODate));
}

void addEnd(const RunNotice &notice, QJsonArray &blocks)
{
    if (!notice.containers.isEmpty())
        blocks += section(containersText(notice));
    if (const QString links = linksText(notice); !links.isEmpty())
        blocks += section(links);
}

} // namespace

QString slackText(const QString &text, qsizetype longest)
{
    QString out;
    for (const QChar letter : text) {
        const QString piece = letter == u'&' ? QStringLiteral("&amp;")
            : letter == u'<'                 ? QStringLiteral("&lt;")
            : letter == u'>'                 ? QStringLiteral("&gt;")
                             : QString(plainLetter(letter));
        if (out.size() + piece.size() >= longest)
            return out + u'…';
        out += piece;
    }
    return out;
}

QByteArray slackMessage(const RunNotice &notice)
{
    const QString headline
        = QStringLiteral("%1 %2: %3").arg(emojiOf(notice.verdict), notice.caseName, notice.verdict);
    QJsonArray blocks{ headerOf(headline) };
    QJsonArray fields;
    addField(fields, Text::tr("Owner"), ownerText(notice));
    addField(fields, Text::tr("Run"), slackText(notice.run, 80));
    addField(fields, Text::tr("Seed"), slackText(notice.seed, 80));
    addField(fields, Text::tr("Commit"), slackText(notice.commit.left(12), 80));
    if (!notice.stack.isEmpty())
        addField(
            fields, Text::tr("Scene"), slackText(notice.stack, 80) + u'\n' + expiryText(notice));
    blocks += QJsonObject{ { QStringLiteral("type"), QStringLiteral("section") },
        { QStringLiteral("fields"), fields } };
    const QString why = notice.anomaly.isEmpty() ? notice.trouble : notice.anomaly;
    if (!why.isEmpty()) {
        QString text = slackText(why, longestPart);
        if (!notice.anomalyLines.isEmpty())
            text += u'\n' + codeBlock(notice.anomalyLines.mid(0, 2));
        blocks += section(text);
    }
    addEnd(notice, blocks);
    return messageOf(
        slackText(QStringLiteral("%1: %2. %3").arg(notice.caseName, notice.verdict, why), 300),
        blocks);
}

QByteArray slackExpiryWarning(const RunNotice &notice)
{
    const QString sentence = Text::tr("The scene %1 expires at %2.")
                                 .arg(notice.stack, notice.expires.toUTC().toString(Qt::ISODate));
    QJsonArray blocks{ headerOf(QStringLiteral(":hourglass: ") + notice.stack) };
    blocks += section(ownerText(notice) + u'\n' + slackText(sentence, longestPart) + u'\n'
        + codeBlock({ QStringLiteral("faultlinectl scene extend %1 --by 4h").arg(notice.stack),
            QStringLiteral("faultlinectl scene evidence %1").arg(notice.stack) }));
    addEnd(notice, blocks);
    return messageOf(slackText(sentence, 300), blocks);
}

} // namespace faultline::notify
