// SPDX-License-Identifier: GPL-3.0-or-later
// The smallest Qt program with a window: prints the ms from FAULTLINE_BENCH_BEGAN (CLOCK_MONOTONIC,
// ns) to its first paint and ends. What the console's start is compared with.
#include <QApplication>
#include <QWidget>

#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace {

class Window : public QWidget
{
protected:
    void paintEvent(QPaintEvent *) override
    {
        timespec now{};
        clock_gettime(CLOCK_MONOTONIC, &now);
        const char *began = std::getenv("FAULTLINE_BENCH_BEGAN");
        const long long start = began == nullptr ? 0 : std::atoll(began);
        const long long passed = now.tv_sec * 1'000'000'000LL + now.tv_nsec - start;
        std::printf("{\"firstPaintMs\":%.3f}\n", static_cast<double>(passed) / 1e6);
        std::fflush(stdout);
        QMetaObject::invokeMethod(qApp, &QCoreApplication::quit, Qt::QueuedConnection);
    }
};

} // namespace

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    Window window;
    window.resize(1440, 900);
    window.show();
    return QApplication::exec();
}
