// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QHash>
#include <QStaticText>

class QPainter;

namespace faultline::views {

/// Single lines of text, laid out and elided once for each width, so that painting a row again only
/// draws glyphs. Keeps the last few thousand; UI thread.
class LaidOutTexts
{
public:
    /// Draws `text` into `place`, vertically centred, in the painter's pen; answers the width that
    /// it took.
    int draw(QPainter &painter, const QRect &place, const QString &text, TextRole role,
        Qt::Alignment horizontal = Qt::AlignLeft, Qt::TextElideMode elide = Qt::ElideRight);
    /// Width of the whole text in pixels.
    [[nodiscard]] static int widthOf(const QString &text, TextRole role);
    void clear() { m_lines.clear(); }

private:
    struct Key
    {
        QString text;
        int width = 0;
        TextRole role = TextRole::Body;
        Qt::TextElideMode elide = Qt::ElideRight;
        friend bool operator==(const Key &, const Key &) = default;
        friend size_t qHash(const Key &key, size_t seed)
        {
            return qHashMulti(
                seed, key.text, key.width, static_cast<int>(key.role), static_cast<int>(key.elide));
        }
    };
    struct Line
    {
        QStaticText text;
        int width = 0;
        int height = 0;
    };

    [[nodiscard]] static Line layOut(const Key &key);

    QHash<Key, Line> m_lines;
};

} // namespace faultline::views
