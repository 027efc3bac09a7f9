// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace faultline::views {

/// A label that never interprets its text: everything a server, file or log says is shown through
/// it. Too long a line is cut with "…" and the whole text becomes the tooltip, unless wrapping is
/// on.
class PlainLabel : public QLabel
{
    Q_OBJECT

public:
    /// `role` is a text role of the style sheet: "title", "heading", "strong", "muted", "caption",
    /// "section", "mono" or "" for body text.
    explicit PlainLabel(const QString &text = {}, const char *role = "", QWidget *parent = nullptr);

    /// Colour by meaning: "ok", "warning", "failed", "unknown", "accent", "muted" or "" for the
    /// role's own.
    void setTone(const char *tone);
    /// Sets the text; the tooltip follows only while the text does not fit.
    void setPlainText(const QString &text);
    /// Lets the label be narrower than its text (cut with "…"). Off by default.
    void setElided(bool elided);

    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] bool isCut() const;

    bool m_elided = false;
};

} // namespace faultline::views
