// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QApplication;

namespace faultline::views {
class Theme;
}

namespace faultline::bench {

/// Saves pictures of the Stacks page, its inspector and the log view with made-up data in both
/// themes.
void takePictures(views::Theme &theme, const QString &folder);

} // namespace faultline::bench
