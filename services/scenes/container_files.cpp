// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/scenes/container_files.h"

#include "services/scenes/file_unpacking.h"
#include "services/scenes/text.h"
#include "services/stacks/engine_access.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryFile>
#include <QUrl>

namespace faultline::scenes {

namespace {

using stacks::EngineAnswer;
using stacks::EngineRequest;

constexpr qint64 largestArchive = qint64(600) << 20;
constexpr qsizetype mostCores = 8;

/// The files of one container while they are fetched.
class Fetching
{
public:
    Fetching(stacks::StackBackend &backend, const FilesOrder &order,
        std::chrono::milliseconds limit, const net::CancelToken &token)
        : m_backend(backend)
        , m_order(order)
        , m_token(token)
        , m_deadline(std::chrono::steady_clock::now() + limit)
    {
    }

    FilesReport run()
    {
        m_engine = dynamic_cast<stacks::EngineAccess *>(&m_backend);
        if (m_engine == nullptr || m_order.container.externalId.isEmpty()) {
            miss(Text::tr("no engine can be asked for its files"));
            return m_report;
        }
        for (const QString &path : m_order.paths)
            fetch(path);
        if (m_order.wantsCores)
            fetchCores();
        return m_report;
    }

private:
    domain::Result<EngineAnswer> ask(
        const QByteArray &path, std::function<bool(const QByteArray &)> onBody = nullptr)
    {
        EngineRequest request;
        request.path = "/containers/" + m_order.container.externalId.toLatin1() + path;
        request.onBody = std::move(onBody);
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            m_deadline - std::chrono::steady_clock::now());
        return net::waitFor<EngineAnswer>(
            &m_backend,
            [engine = m_engine, host = m_order.container.hostId, request](
                auto done) { return engine->askEngine(host, request, std::move(done)); },
            std::max(left, std::chrono::milliseconds(1)), m_token);
    }

    void fetch(const QString &path)
    {
        if (!path.startsWith(u'/') || path.split(u'/').contains(QLatin1String("..")))
            return miss(Text::tr("%1 is no absolute path").arg(path));
        // The file outlives a request that ended here by its limit.
        auto tar
            = std::make_shared<QTemporaryFile>(m_order.folder + QStringLiteral("/.tar-XXXXXX"));
        if (!QDir().mkpath(m_order.folder) || !tar->open())
            return miss(Text::tr("%1 can't be saved here: %2").arg(path, tar->errorString()));
        const auto answer
            = ask("/archive?path=" + QUrl::toPercentEncoding(path), [tar](const QByteArray &piece) {
                  return tar->size() + piece.size() <= largestArchive
                      && tar->write(piece) == piece.size();
              });
        if (!answer)
            return miss(path + QStringLiteral(": ") + answer.error().message);
        if (answer->status != 200)
            return miss(Text::tr("%1: the engine answered %2 %3")
                            .arg(path)
                            .arg(answer->status)
                            .arg(QString::fromUtf8(answer->body.left(200)).trimmed()));
        tar->flush();
        const QString below = m_order.folder + QFileInfo(QDir::cleanPath(path)).path();
        const Unpacked unpacked = unpackFiles(tar->fileName(), below, m_order.secrets);
        m_report.files += unpacked.files;
        for (const QString &sentence : unpacked.missing)
            miss(path + QStringLiteral(": ") + sentence);
    }

    void fetchCores()
    {
        const auto answer = ask("/changes");
        if (!answer || answer->status != 200)
            return miss(Text::tr("the engine does not tell which files changed"));
        QStringList cores = coreFilesIn(answer->body);
        if (cores.size() > mostCores) {
            miss(
                Text::tr("%1 core files; the first %2 are taken").arg(cores.size()).arg(mostCores));
            cores = cores.mid(0, mostCores);
        }
        for (const QString &path : cores)
            fetch(path);
    }

    void miss(const QString &what)
    {
        m_report.missing += Text::tr("Files of %1: %2").arg(m_order.container.name, what);
    }

    stacks::StackBackend &m_backend;
    const FilesOrder &m_order;
    const net::CancelToken m_token;
    const std::chrono::steady_clock::time_point m_deadline;
    stacks::EngineAccess *m_engine = nullptr;
    FilesReport m_report;
};

} // namespace

FilesReport fetchFiles(stacks::StackBackend &backend, const FilesOrder &order,
    std::chrono::milliseconds limit, const net::CancelToken &token)
{
    return Fetching(backend, order, limit, token).run();
}

QStringList coreFilesIn(const QByteArray &changes)
{
    // What the kernel calls them by default, with or without the process, and what systemd calls
    // them.
    static const QRegularExpression form(
        QStringLiteral(R"(^(core|core\.[^/]*|[^/]+\.core|vgcore\.[0-9]+)$)"));
    QStringList out;
    const QJsonArray rows = QJsonDocument::fromJson(changes).array();
    for (const QJsonValue &row : rows) {
        const QString path = row[QStringLiteral("Path")].toString();
        const bool isDeleted = row[QStringLiteral("Kind")].toInt() == 2;
        if (!isDeleted && path.startsWith(u'/') && form.match(path.section(u'/', -1)).hasMatch())
            out += path;
    }
    return out;
}

} // namespace faultline::scenes
