// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/logs/log_colours.h"

#include <array>
#include <cmath>

namespace faultline::views {

namespace {

constexpr std::array<QRgb, 16> dark{ 0xff7d8897, 0xffef6461, 0xff45b787, 0xffe2a53d, 0xff5b9bff,
    0xffc678dd, 0xff4fb6c9, 0xffe4e8ee, 0xff8e99a8, 0xffff8583, 0xff6fd3a8, 0xfff2c46d, 0xff86b6ff,
    0xffdb9bec, 0xff7bd0df, 0xffffffff };
constexpr std::array<QRgb, 16> light{ 0xff1a2330, 0xffc9322d, 0xff1a7f53, 0xff946000, 0xff1a63d6,
    0xff9330b0, 0xff0f7486, 0xff5b6878, 0xff5b6878, 0xffb8231f, 0xff14744a, 0xff875800, 0xff1757c2,
    0xff83259f, 0xff0b6878, 0xff1a2330 };

QColor cube(int index)
{
    if (index >= 232) {
        const int grey = 8 + (index - 232) * 10;
        return QColor(grey, grey, grey);
    }
    const int at = index - 16;
    const auto level = [](int step) { return step == 0 ? 0 : 55 + step * 40; };
    return QColor(level(at / 36), level(at / 6 % 6), level(at % 6));
}

double luminance(const QColor &colour)
{
    const auto linear = [](double part) {
        return part <= 0.03928 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF())
        + 0.0722 * linear(colour.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

QColor mixed(const QColor &a, const QColor &b, double part)
{
    const auto mix = [part](float x, float y) { return static_cast<float>(x + (y - x) * part); };
    return QColor::fromRgbF(
        mix(a.redF(), b.redF()), mix(a.greenF(), b.greenF()), mix(a.blueF(), b.blueF()));
}

} // namespace

QColor logTextColour(Theme::Scheme scheme, int index)
{
    if (index < 16)
        return QColor(scheme == Theme::Scheme::Dark ? dark[static_cast<std::size_t>(index)]
                                                    : light[static_cast<std::size_t>(index)]);
    const QColor back = Theme::color(scheme, Token::Window);
    const QColor text = Theme::color(scheme, Token::Text);
    QColor colour = cube(index);
    for (int step = 0; step < 8 && contrast(colour, back) < 4.5; ++step)
        colour = mixed(colour, text, 0.25);
    return colour;
}

QColor logBackColour(Theme::Scheme scheme, int index)
{
    return mixed(Theme::color(scheme, Token::Window),
        index < 16 ? logTextColour(scheme, index) : cube(index), 0.3);
}

} // namespace faultline::views
