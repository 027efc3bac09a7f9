// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace faultline::views {

/// A page of the main window. The frame shows it in the centre, its inspector at the right, and its
/// name and icon in the rail. Everything it opens in the dock it asks for through the Dock that it
/// was given.
class Page : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// The word in the rail, translated.
    [[nodiscard]] virtual QString title() const = 0;
    /// File name in resources/icons without ".svg".
    [[nodiscard]] virtual QString iconName() const = 0;
    /// Stable English name: layout keys, screenshots ("runs").
    [[nodiscard]] virtual QString key() const = 0;
    /// What is shown at the right while this page is; owned by the page until the frame takes it.
    /// Null: none.
    [[nodiscard]] virtual QWidget *inspector() { return nullptr; }
    /// True when real rows are shown (screenshots wait for it).
    [[nodiscard]] virtual bool hasContent() const { return true; }
    /// How a person arranged the page (widths, order); an unknown state changes nothing.
    [[nodiscard]] virtual QByteArray arrangement() const { return {}; }
    virtual void arrange(const QByteArray &) { }
    /// The page came to the front: give the keyboard to its main view.
    virtual void activate() { setFocus(); }
};

} // namespace faultline::views
