// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/error.h"
#include "views/theme/theme.h"

#include <QFrame>

namespace faultline::views {

class IconLabel;
class PlainLabel;

/// A box over a page or form that says what failed, where, and the server's own words below. Hidden
/// until used.
class Banner : public QFrame
{
    Q_OBJECT

public:
    explicit Banner(const Theme &theme, QWidget *parent = nullptr);

    void showError(const domain::Error &error);
    void showNotice(const QString &text);
    void dismiss() { hide(); }
    [[nodiscard]] QString text() const; ///< everything that is shown, for tests and for copying

private:
    void show(const char *surface, const char *tone, const QString &icon, Token token);

    IconLabel *m_icon;
    PlainLabel *m_message;
    PlainLabel *m_where;
    PlainLabel *m_words;
};

} // namespace faultline::views
