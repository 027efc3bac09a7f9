// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console.h"
#include "app/console/measuring_session.h"
#include "app/console/picture_session.h"
#include "views/theme/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QCoreApplication>
#include <QLocale>
#include <QTextStream>
#include <QTranslator>

#include <optional>

using namespace faultline;

namespace {

struct Options
{
    QString workspace;
    bool lab = false;
    QString theme;
    QString language;
    QString pictures;
};

struct Main
{
    Q_DECLARE_TR_FUNCTIONS(main)
};

/// Exits by itself for --help, --version and bad usage (code 64, as the other programs).
Options readOptions(const QCoreApplication &application)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        Main::tr("The console of Faultline: watch, start and stop stability tests."));
    const QCommandLineOption workspace(
        QStringLiteral("workspace"), Main::tr("Open this workspace file."), QStringLiteral("FILE"));
    const QCommandLineOption lab(QStringLiteral("lab"),
        Main::tr("Start the lab on this machine, or use the one that runs."));
    const QCommandLineOption theme(QStringLiteral("theme"),
        Main::tr("\"dark\" or \"light\"; the desktop's choice when absent."),
        QStringLiteral("THEME"));
    const QCommandLineOption language(QStringLiteral("language"),
        Main::tr("\"en\" or \"zh_CN\"; the desktop's choice when absent."),
        QStringLiteral("LANGUAGE"));
    const QCommandLineOption pictures(QStringLiteral("screenshots"),
        Main::tr("Save a picture of every page once live data is shown, and exit."),
        QStringLiteral("DIR"));
    parser.addOptions({ workspace, lab, theme, language, pictures });
    parser.addHelpOption();
    parser.addVersionOption();
    const auto refuse = [&parser](const QString &reason) {
        QTextStream(stderr) << reason << '\n' << parser.helpText() << Qt::flush;
        std::exit(64);
    };
    if (!parser.parse(application.arguments()))
        refuse(parser.errorText());
    if (parser.isSet(QStringLiteral("help")))
        parser.showHelp(0);
    if (parser.isSet(QStringLiteral("version")))
        parser.showVersion();
    Options out{ parser.value(workspace), parser.isSet(lab), parser.value(theme),
        parser.value(language), parser.value(pictures) };
    if (!out.theme.isEmpty() && out.theme != QLatin1StringView("dark")
        && out.theme != QLatin1StringView("light"))
        refuse(Main::tr("--theme is \"dark\" or \"light\"."));
    if (out.lab && !out.workspace.isEmpty())
        refuse(Main::tr("--lab and --workspace exclude each other."));
    if (!parser.positionalArguments().isEmpty())
        refuse(Main::tr("Unexpected argument: %1").arg(parser.positionalArguments().first()));
    return out;
}

views::Theme::Scheme schemeFor(const QString &name)
{
    if (name == QLatin1StringView("dark"))
        return views::Theme::Scheme::Dark;
    if (name == QLatin1StringView("light"))
        return views::Theme::Scheme::Light;
    return views::Theme::systemScheme();
}

void translate(QApplication &application, QTranslator &translator, const QString &language)
{
    const QLocale locale = language.isEmpty() ? QLocale() : QLocale(language);
    QLocale::setDefault(locale);
    if (translator.load(
            locale, QStringLiteral("faultline"), QStringLiteral("_"), QStringLiteral(":/i18n")))
        application.installTranslator(&translator);
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("faultline"));
    QApplication::setApplicationDisplayName(QStringLiteral("Faultline"));
    QApplication::setApplicationVersion(QStringLiteral(FAULTLINE_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("faultline"));
    const Options options = readOptions(application);

    QTranslator translator;
    translate(application, translator, options.language);
    views::Theme theme(schemeFor(options.theme));
    theme.apply(application);
    QApplication::setWindowIcon(theme.icon(QStringLiteral("logo"), views::Token::Accent));

    console::Console console(theme);
    std::optional<console::MeasuringSession> measuring;
    if (console::MeasuringSession::isWanted()) {
        measuring.emplace(console);
        QObject::connect(&*measuring, &console::MeasuringSession::finished, &application,
            &QCoreApplication::exit, Qt::QueuedConnection);
    }
    console.show();
    std::optional<console::PictureSession> pictures;
    if (!options.pictures.isEmpty()) {
        pictures.emplace(console, theme, options.pictures);
        QObject::connect(
            &*pictures, &console::PictureSession::finished, &application, &QCoreApplication::exit);
        pictures->start();
    }
    if (options.lab)
        console.useLab();
    else if (!options.workspace.isEmpty())
        console.openFile(options.workspace);
    return QApplication::exec();
}
