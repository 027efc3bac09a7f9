// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <algorithm>

namespace faultline::models {

/// A word to be looked for in many short texts, without regard to case.
class TextMatch
{
public:
    explicit TextMatch(const QString &word)
        : m_word(word.toLower())
        , m_isAscii(
              std::all_of(m_word.begin(), m_word.end(), [](QChar c) { return c.unicode() < 0x80; }))
    {
    }

    [[nodiscard]] const QString &word() const { return m_word; }
    [[nodiscard]] bool isIn(QStringView text) const
    {
        if (!m_isAscii)
            return text.contains(m_word, Qt::CaseInsensitive);
        const qsizetype last = text.size() - m_word.size();
        for (qsizetype at = 0; at <= last; ++at) {
            qsizetype same = 0;
            while (same < m_word.size() && folded(text[at + same]) == m_word[same].unicode())
                ++same;
            if (same == m_word.size())
                return true;
        }
        return false;
    }

private:
    static char16_t folded(QChar c)
    {
        const char16_t unit = c.unicode();
        return unit >= u'A' && unit <= u'Z' ? static_cast<char16_t>(unit + 32) : unit;
    }

    QString m_word;
    bool m_isAscii;
};

} // namespace faultline::models
