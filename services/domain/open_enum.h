// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLatin1StringView>
#include <QString>

#include <utility>

namespace faultline::domain {

/// An enumeration whose list belongs to a server: a name that this program doesn't know keeps its text and is
/// shown by it, and is never taken for a good state. `E` has a member `Unknown`, and a function
/// `std::span<const std::pair<E, const char *>> namesOf(E)` found by its namespace.
template <typename E>
class OpenEnum
{
public:
    OpenEnum() = default;
    OpenEnum(E known) // NOLINT: an enumerator is as good as its name
        : m_known(known)
        , m_text(nameOf(known))
    {
    }

    [[nodiscard]] static OpenEnum fromText(const QString &text)
    {
        OpenEnum out;
        out.m_text = text;
        for (const auto &[value, name] : namesOf(E {})) {
            if (text == QLatin1StringView(name)) {
                out.m_known = value;
                break;
            }
        }
        return out;
    }

    [[nodiscard]] E known() const { return m_known; } ///< `E::Unknown` for a name that is not in the list
    [[nodiscard]] const QString &text() const { return m_text; } ///< the server's own name
    [[nodiscard]] bool isUnknown() const { return m_known == E::Unknown; }

    friend bool operator==(const OpenEnum &, const OpenEnum &) = default;
    friend bool operator==(const OpenEnum &a, E b) { return a.m_known == b; }

private:
    static QString nameOf(E known)
    {
        for (const auto &[value, name] : namesOf(E {})) {
            if (value == known)
                return QString::fromLatin1(name);
        }
        return {};
    }

    E m_known = E::Unknown;
    QString m_text;
};

} // namespace faultline::domain
