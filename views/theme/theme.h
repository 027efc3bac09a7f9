// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QObject>
#include <QString>

class QApplication;

namespace faultline::views {

/// A colour by its meaning; the table is in docs (look) and the same for both schemes.
enum class Token {
    Window, ///< behind everything, and tables
    Panel, ///< rail, top bar, inspector, dock
    Raised, ///< controls, group rows
    Pressed, ///< hovered and pressed controls, empty tracks
    Border,
    Text,
    Muted, ///< secondary text, still at least 4.5 : 1
    Faint, ///< decoration and disabled words only
    Accent,
    OnAccent, ///< text on Accent
    Selection, ///< selected rows; text on it is Text
    Ok,
    Warning,
    Failed,
    Unknown,
    Stop, ///< the red of "stop all"
    OnStop,
    FaultKill,
    FaultPartition,
    FaultDelay,
    FaultClock,
    FaultIo,
    FaultLoad,
    Table, ///< behind the rows of a table
};

enum class TextRole { Body, Medium, Strong, Title, Caption, Mono };

/// Sizes in device-independent pixels.
namespace metrics {
inline constexpr int step = 4;
inline constexpr int row = 36;
inline constexpr int compactRow = 28;
inline constexpr int groupRow = 28;
inline constexpr int control = 32;
inline constexpr int radius = 6;
inline constexpr int rail = 72;
inline constexpr int topBar = 48;
inline constexpr int inspector = 340;
inline constexpr int pageMargin = 16;
} // namespace metrics

/// The one source of colours, fonts and icons. Built in main, handed down by reference, outlives
/// every widget.
class Theme : public QObject
{
    Q_OBJECT

public:
    enum class Scheme { Dark, Light };

    explicit Theme(Scheme scheme = Scheme::Dark, QObject *parent = nullptr);

    [[nodiscard]] Scheme scheme() const { return m_scheme; }
    [[nodiscard]] QColor color(Token token) const { return color(m_scheme, token); }
    [[nodiscard]] static QColor color(Scheme scheme, Token token);
    [[nodiscard]] static QFont font(TextRole role);

    /// An icon of resources/icons by file name without ".svg", in the token's colour of the scheme
    /// at paint time (no need to make it anew when the scheme changes). Sharp at every size and
    /// scale.
    [[nodiscard]] QIcon icon(
        const QString &name, Token token = Token::Muted, Token checked = Token::Text) const;

    /// Sets style, palette, font and style sheet of the application, now and whenever the scheme
    /// changes.
    void apply(QApplication &application);
    /// Repaints everything in another scheme; emits changed().
    void setScheme(Scheme scheme);

    /// What the desktop asks for by its palette; Dark when there is no desktop that says anything.
    [[nodiscard]] static Scheme systemScheme();

Q_SIGNALS:
    /// The colours are others now: drop what was painted from them.
    void changed();

private:
    void refreshApplication();

    Scheme m_scheme;
    QApplication *m_application = nullptr;
};

} // namespace faultline::views
