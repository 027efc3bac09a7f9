// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/theme.h"

#include <QApplication>
#include <QFile>
#include <QImage>
#include <QTest>

#include <cmath>

using faultline::views::Theme;
using faultline::views::Token;

namespace {

double channel(double value)
{
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &color)
{
    return 0.2126 * channel(color.redF()) + 0.7152 * channel(color.greenF())
        + 0.0722 * channel(color.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const double light = qMax(luminance(a), luminance(b));
    const double dark = qMin(luminance(a), luminance(b));
    return (light + 0.05) / (dark + 0.05);
}

} // namespace

class TestTheme : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void contrastFollowsTheStandard();
    void textIsReadableOnEverySurface_data();
    void textIsReadableOnEverySurface();
    void iconsAreTintedByTheScheme();
    void everyPlaceholderOfTheStyleSheetIsAToken();
};

void TestTheme::contrastFollowsTheStandard()
{
    QCOMPARE(contrast(Qt::black, Qt::white), 21.0);
    QVERIFY(std::abs(contrast(QColor(0x77, 0x77, 0x77), Qt::white) - 4.48) < 0.01);
}

void TestTheme::textIsReadableOnEverySurface_data()
{
    QTest::addColumn<Theme::Scheme>("scheme");
    QTest::addColumn<Token>("text");
    QTest::addColumn<Token>("surface");
    for (const auto scheme : { Theme::Scheme::Dark, Theme::Scheme::Light }) {
        const char *name = scheme == Theme::Scheme::Dark ? "dark" : "light";
        const auto row = [&](Token text, Token surface) {
            QTest::addRow("%s %d on %d", name, static_cast<int>(text), static_cast<int>(surface))
                << scheme << text << surface;
        };
        for (const Token text : { Token::Text, Token::Muted, Token::Accent, Token::Ok,
                 Token::Warning, Token::Failed, Token::Unknown }) {
            for (const Token surface : { Token::Window, Token::Panel, Token::Raised })
                row(text, surface);
        }
        for (const Token text : { Token::Text, Token::Accent, Token::Ok, Token::Warning,
                 Token::Failed, Token::Unknown })
            row(text, Token::Selection);
        row(Token::Text, Token::Pressed);
        row(Token::Muted, Token::Pressed);
        row(Token::OnAccent, Token::Accent);
        row(Token::OnStop, Token::Stop);
    }
}

void TestTheme::textIsReadableOnEverySurface()
{
    QFETCH(Theme::Scheme, scheme);
    QFETCH(Token, text);
    QFETCH(Token, surface);
    const double ratio = contrast(Theme::color(scheme, text), Theme::color(scheme, surface));
    QVERIFY2(ratio >= 4.5, qPrintable(QString::number(ratio)));
}

void TestTheme::iconsAreTintedByTheScheme()
{
    Theme theme(Theme::Scheme::Dark);
    const QIcon icon = theme.icon(QStringLiteral("verdict-running"), Token::Ok);
    const auto middle
        = [&icon] { return icon.pixmap(QSize(24, 24), 2.0).toImage().pixelColor(24, 24); };
    QCOMPARE(middle(), Theme::color(Theme::Scheme::Dark, Token::Ok));
    QCOMPARE(icon.pixmap(QSize(24, 24), 2.0).size(), QSize(48, 48));
    theme.setScheme(Theme::Scheme::Light);
    QCOMPARE(middle(), Theme::color(Theme::Scheme::Light, Token::Ok));
}

void TestTheme::everyPlaceholderOfTheStyleSheetIsAToken()
{
    Theme theme(Theme::Scheme::Dark);
    theme.apply(*qobject_cast<QApplication *>(QCoreApplication::instance()));
    const QString sheet = qobject_cast<QApplication *>(QCoreApplication::instance())->styleSheet();
    QVERIFY(!sheet.isEmpty());
    QVERIFY2(!sheet.contains(QLatin1Char('@')), qPrintable(sheet.section(QLatin1Char('@'), 1, 1)));
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
