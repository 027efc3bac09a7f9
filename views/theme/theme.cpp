// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/theme.h"

#include "views/theme/svg_icon_engine.h"
#include "views/theme/theme_style.h"

#include <QApplication>
#include <QFile>
#include <QPalette>

#include <array>

namespace faultline::views {

namespace {

struct TokenColors
{
    const char *name;
    QRgb dark;
    QRgb light;
};

// In the order of Token. Ok, Warning and Accent of the light scheme are a shade darker than a pure
// palette would have them, so that words in these colours keep 4.5 : 1 on every surface they appear
// on.
constexpr std::array<TokenColors, 24> table{ {
    { "window", 0xff13161b, 0xfff4f6f8 },
    { "panel", 0xff191d24, 0xffffffff },
    { "raised", 0xff20252e, 0xfff8f9fb },
    { "pressed", 0xff2a303b, 0xffeceff3 },
    { "border", 0xff2b313c, 0xffdde2e8 },
    { "text", 0xffe4e8ee, 0xff1a2330 },
    { "muted", 0xff97a2b1, 0xff5b6878 },
    { "faint", 0xff667080, 0xff8b96a5 },
    { "accent", 0xff5b9bff, 0xff1860d0 },
    { "on-accent", 0xff0b1526, 0xffffffff },
    { "selection", 0xff1d3358, 0xffdbe9ff },
    { "ok", 0xff45b787, 0xff13744a },
    { "warning", 0xffe2a53d, 0xff8a5600 },
    { "failed", 0xfff07673, 0xffbe2c27 },
    { "unknown", 0xffa892f5, 0xff6a4fd0 },
    { "stop", 0xffc93b3b, 0xffc93b3b },
    { "on-stop", 0xffffffff, 0xffffffff },
    { "fault-kill", 0xffef6461, 0xffbf504e },
    { "fault-partition", 0xffc678dd, 0xff9e60b1 },
    { "fault-delay", 0xffe2a53d, 0xffb58431 },
    { "fault-clock", 0xff4fb6c9, 0xff3f92a1 },
    { "fault-io", 0xffd08a58, 0xffa66e46 },
    { "fault-load", 0xff8fbf6a, 0xff729955 },
    { "table", 0xff13161b, 0xffffffff },
} };

QPalette paletteFor(const Theme &theme)
{
    const auto set = [&theme](QPalette &palette, QPalette::ColorRole role, Token token) {
        palette.setColor(role, theme.color(token));
    };
    QPalette palette;
    set(palette, QPalette::Window, Token::Window);
    set(palette, QPalette::WindowText, Token::Text);
    set(palette, QPalette::Base, Token::Window);
    set(palette, QPalette::AlternateBase, Token::Panel);
    set(palette, QPalette::Text, Token::Text);
    set(palette, QPalette::PlaceholderText, Token::Muted);
    set(palette, QPalette::Button, Token::Raised);
    set(palette, QPalette::ButtonText, Token::Text);
    set(palette, QPalette::BrightText, Token::Failed);
    set(palette, QPalette::Highlight, Token::Selection);
    set(palette, QPalette::HighlightedText, Token::Text);
    set(palette, QPalette::Link, Token::Accent);
    set(palette, QPalette::LinkVisited, Token::Accent);
    set(palette, QPalette::ToolTipBase, Token::Raised);
    set(palette, QPalette::ToolTipText, Token::Text);
    set(palette, QPalette::Light, Token::Pressed);
    set(palette, QPalette::Midlight, Token::Raised);
    set(palette, QPalette::Mid, Token::Border);
    set(palette, QPalette::Dark, Token::Border);
    for (const auto role : { QPalette::WindowText, QPalette::Text, QPalette::ButtonText })
        palette.setColor(QPalette::Disabled, role, theme.color(Token::Faint));
    return palette;
}

QString styleSheetFor(const Theme &theme)
{
    QFile file(QStringLiteral(":/style/faultline.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QString sheet = QString::fromUtf8(file.readAll());
    for (size_t index = 0; index < table.size(); ++index)
        sheet.replace(QLatin1Char('@') + QLatin1StringView(table.at(index).name) + QLatin1Char('@'),
            theme.color(static_cast<Token>(index)).name());
    return sheet;
}

QFont makeFont(TextRole role)
{
    QFont font;
    font.setFamilies(
        { QStringLiteral("Inter"), QStringLiteral("Noto Sans"), QStringLiteral("Noto Sans CJK SC"),
            QStringLiteral("WenQuanYi Micro Hei"), QStringLiteral("sans-serif") });
    font.setPixelSize(13);
    switch (role) {
    case TextRole::Body:
        break;
    case TextRole::Medium:
        font.setWeight(QFont::Medium);
        break;
    case TextRole::Strong:
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::Title:
        font.setPixelSize(18);
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::Caption:
        font.setPixelSize(11);
        break;
    case TextRole::Mono:
        font.setFamilies({ QStringLiteral("JetBrains Mono"), QStringLiteral("DejaVu Sans Mono"),
            QStringLiteral("Noto Sans CJK SC"), QStringLiteral("monospace") });
        font.setFixedPitch(true);
        font.setPixelSize(12);
        break;
    }
    return font;
}

} // namespace

Theme::Theme(Scheme scheme, QObject *parent)
    : QObject(parent)
    , m_scheme(scheme)
{
}

QColor Theme::color(Scheme scheme, Token token)
{
    const TokenColors &colors = table.at(static_cast<size_t>(token));
    return QColor::fromRgb(scheme == Scheme::Dark ? colors.dark : colors.light);
}

QFont Theme::font(TextRole role)
{
    // Cells ask for it often; putting one together costs more than painting a word.
    static const std::array fonts{ makeFont(TextRole::Body), makeFont(TextRole::Medium),
        makeFont(TextRole::Strong), makeFont(TextRole::Title), makeFont(TextRole::Caption),
        makeFont(TextRole::Mono) };
    return fonts.at(static_cast<size_t>(role));
}

QIcon Theme::icon(const QString &name, Token token, Token checked) const
{
    return QIcon(new SvgIconEngine(*this, name, token, checked));
}

void Theme::apply(QApplication &application)
{
    m_application = &application;
    application.setStyle(new ThemeStyle);
    application.setFont(font(TextRole::Body));
    refreshApplication();
}

void Theme::setScheme(Scheme scheme)
{
    if (scheme == m_scheme)
        return;
    m_scheme = scheme;
    refreshApplication();
    Q_EMIT changed();
}

void Theme::refreshApplication()
{
    if (!m_application)
        return;
    m_application->setPalette(paletteFor(*this));
    m_application->setStyleSheet(styleSheetFor(*this));
}

Theme::Scheme Theme::systemScheme()
{
    // Qt 6.4 can't ask the desktop; its palette tells, but without a desktop that palette is only
    // Qt's own default.
    if (qEnvironmentVariableIsEmpty("XDG_CURRENT_DESKTOP"))
        return Scheme::Dark;
    return QGuiApplication::palette().color(QPalette::Window).lightness() < 128 ? Scheme::Dark
                                                                                : Scheme::Light;
}

} // namespace faultline::views
