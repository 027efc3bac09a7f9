// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/faults/ledger.h"

#include "services/faults/helper_needs.h"
#include "services/faults/text.h"
#include "services/store/database.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>

#include <mutex>

namespace faultline::faults {

namespace {

constexpr const char *firstVersion = R"(
CREATE TABLE faults (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, over INTEGER NOT NULL,
    server TEXT NOT NULL, stack TEXT NOT NULL, run TEXT NOT NULL, owner TEXT NOT NULL,
    container TEXT NOT NULL, docker TEXT NOT NULL, name TEXT NOT NULL, host TEXT NOT NULL,
    service TEXT NOT NULL, starts INTEGER NOT NULL, started TEXT NOT NULL,
    helper TEXT NOT NULL, spec TEXT NOT NULL, controller TEXT NOT NULL,
    lease INTEGER NOT NULL, duration INTEGER NOT NULL, held INTEGER NOT NULL,
    created INTEGER NOT NULL, changed INTEGER NOT NULL, until INTEGER NOT NULL,
    mechanism TEXT NOT NULL, detail TEXT NOT NULL, undo TEXT NOT NULL, measured TEXT NOT NULL);
CREATE INDEX faults_open ON faults (over, docker);
CREATE TABLE changes (
    fault TEXT NOT NULL REFERENCES faults (id), at INTEGER NOT NULL, uptime INTEGER NOT NULL,
    state TEXT NOT NULL, detail TEXT NOT NULL);
CREATE INDEX changes_of ON changes (fault);
)";

constexpr const char *columns
    = "id, kind, state, server, stack, run, owner, container, docker, name, host, service, starts, "
      "started, "
      "helper, spec, controller, lease, duration, held, created, changed, until, mechanism, "
      "detail, "
      "undo, measured";

qint64 now()
{
    return QDateTime::currentMSecsSinceEpoch();
}

QDateTime timeOf(qint64 millis)
{
    return millis == 0 ? QDateTime() : QDateTime::fromMSecsSinceEpoch(millis, Qt::UTC);
}

std::string textOf(const QString &text)
{
    return text.toStdString();
}

QString textAt(const store::Statement &row, int column)
{
    return QString::fromStdString(row.text(column));
}

FaultRecord recordOf(const store::Statement &row)
{
    FaultRecord out;
    int column = 0;
    const auto text = [&] { return textAt(row, column++); };
    const auto number = [&] { return row.integer(column++); };
    out.id = text();
    out.kind = text();
    out.state = faultStateNamed(text()).value_or(FaultState::Leaked);
    out.origin.server = text();
    out.origin.stack = text();
    out.origin.run = text();
    out.origin.owner = text();
    out.target.id = domain::ContainerId(text());
    out.target.dockerId = text();
    out.target.name = text();
    out.target.host = domain::HostId(text());
    out.target.service = domain::ServiceId(text());
    out.target.startCount = static_cast<int>(number());
    out.target.startedAt = text();
    out.helper = text();
    out.spec = text().toUtf8();
    out.controller = text();
    out.lease = std::chrono::milliseconds(number());
    out.duration = std::chrono::milliseconds(number());
    out.isHeld = number() != 0;
    out.created = timeOf(number());
    out.changed = timeOf(number());
    out.until = timeOf(number());
    out.mechanism = text();
    out.detail = text();
    out.undo = text();
    out.measured = QJsonDocument::fromJson(text().toUtf8()).object();
    return out;
}

} // namespace

struct Ledger::Private
{
    explicit Private(store::Database &&opened)
        : database(std::move(opened))
    {
    }

    template <typename T>
    domain::Result<T> told(store::Stored<T> stored) const
    {
        if (stored)
            return std::move(*stored);
        return domain::failure(domain::ErrorKind::Local,
            Text::tr("The ledger of faults can't be used: %1.")
                .arg(QString::fromStdString(stored.error())),
            file);
    }
    domain::Result<void> told(store::Stored<void> stored) const
    {
        if (stored)
            return {};
        return domain::failure(domain::ErrorKind::Local,
            Text::tr("The ledger of faults can't be written: %1.")
                .arg(QString::fromStdString(stored.error())),
            file);
    }

    store::Stored<void> addRow(const FaultRecord &record);
    store::Stored<void> addChange(
        const QString &id, FaultState state, const QString &detail, double uptime);
    store::Stored<QList<FaultRecord>> rows(const std::string &where, const std::string &value);

    std::mutex mutex;
    store::Database database;
    QString file;
};

Ledger::Ledger(std::unique_ptr<Private> parts)
    : d(std::move(parts))
{
}

Ledger::~Ledger() = default;

domain::Result<std::shared_ptr<Ledger>> Ledger::open(const QString &file)
{
    const auto failed = [&](const QString &why) {
        return domain::failure(domain::ErrorKind::Local,
            Text::tr("The ledger of faults can't be opened: %1. Nothing is injected without it.")
                .arg(why),
            file);
    };
    if (file.isEmpty() || !QDir().mkpath(QFileInfo(file).path()))
        return failed(Text::tr("its folder can't be made"));
    auto database
        = store::Database::open(std::filesystem::path(file.toStdString()), { firstVersion });
    if (!database)
        return failed(QString::fromStdString(database.error()));
    // An intent must be on the disk before anything is touched, whatever becomes of the power.
    if (const auto synced = database->run("PRAGMA synchronous=FULL"); !synced)
        return failed(QString::fromStdString(synced.error()));
    auto parts = std::make_unique<Private>(std::move(*database));
    parts->file = file;
    return std::shared_ptr<Ledger>(new Ledger(std::move(parts)));
}

store::Stored<void> Ledger::Private::addRow(const FaultRecord &record)
{
    auto row = database.prepare("INSERT INTO faults VALUES "
                                "(?,?,?,0,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,'{}')");
    if (!row)
        return tl::make_unexpected(row.error());
    int index = 0;
    const auto text = [&](const QString &value) { row->bind(++index, textOf(value)); };
    const auto number = [&](qint64 value) { row->bind(++index, value); };
    const qint64 at = now();
    text(record.id);
    text(record.kind);
    text(nameOf(FaultState::Planned));
    text(record.origin.server);
    text(record.origin.stack);
    text(record.origin.run);
    text(record.origin.owner);
    text(record.target.id.value());
    text(record.target.dockerId);
    text(record.target.name);
    text(record.target.host.value());
    text(record.target.service.value());
    number(record.target.startCount);
    text(record.target.startedAt);
    text(record.helper);
    text(QString::fromUtf8(record.spec));
    text(record.controller);
    number(record.lease.count());
    number(record.duration.count());
    number(record.isHeld ? 1 : 0);
    number(at);
    number(at);
    number(record.until.toMSecsSinceEpoch());
    text(record.mechanism);
    text(record.detail);
    text(record.undo);
    return row->run();
}

store::Stored<void> Ledger::Private::addChange(
    const QString &id, FaultState state, const QString &detail, double uptime)
{
    auto row = database.prepare("INSERT INTO changes VALUES (?,?,?,?,?)");
    if (!row)
        return tl::make_unexpected(row.error());
    row->bind(1, textOf(id))
        .bind(2, std::int64_t(now()))
        .bind(3, static_cast<std::int64_t>(uptime * 1'000))
        .bind(4, textOf(nameOf(state)))
        .bind(5, textOf(detail));
    return row->run();
}

store::Stored<QList<FaultRecord>> Ledger::Private::rows(
    const std::string &where, const std::string &value)
{
    auto statement = database.prepare(std::string("SELECT ") + columns + " FROM faults " + where);
    if (!statement)
        return tl::make_unexpected(statement.error());
    if (!value.empty())
        statement->bind(1, value);
    QList<FaultRecord> out;
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return tl::make_unexpected(row.error());
        if (!*row)
            return out;
        out += recordOf(*statement);
    }
}

domain::Result<void> Ledger::plan(const FaultRecord &record)
{
    const std::lock_guard lock(d->mutex);
    auto transaction = d->told(store::Transaction::begin(d->database));
    if (!transaction)
        return domain::failure(transaction.error());
    const auto present = d->told(
        d->rows("WHERE over = 0 AND docker = ? ORDER BY created", textOf(record.target.dockerId)));
    if (!present)
        return domain::failure(present.error());
    for (const FaultRecord &other : *present) {
        if (conflict(other.kind, record.kind))
            return domain::failure(domain::ErrorKind::Conflict,
                Text::tr("%1 is already under the fault %2 (%3, %4), and %5 can't be in together "
                         "with it. Wait for its end, or stop it: faultlinectl chaos stop %2")
                    .arg(record.target.name, other.id, other.kind, nameOf(other.state),
                        record.kind));
    }
    return d->told(d->addRow(record)
                       .and_then([&] {
                           return d->addChange(record.id, FaultState::Planned, record.detail, 0);
                       })
                       .and_then([&] { return transaction->commit(); }));
}

domain::Result<void> Ledger::change(const QString &id, FaultState state, const QString &detail,
    const std::optional<FaultReport> &report)
{
    const std::lock_guard lock(d->mutex);
    auto transaction = d->told(store::Transaction::begin(d->database));
    if (!transaction)
        return domain::failure(transaction.error());
    // Who leaked may still be undone; every other end is final.
    auto row = d->told(d->database.prepare(
        "UPDATE faults SET state = ?1, over = ?2, changed = ?3, detail = ?4, "
        "mechanism = coalesce(nullif(?5, ''), mechanism), undo = coalesce(nullif(?6, ''), undo), "
        "measured = coalesce(nullif(?7, '{}'), measured) "
        "WHERE id = ?8 AND (over = 0 OR (state = 'leaked' AND ?1 IN ('out', 'moot')))"));
    if (!row)
        return domain::failure(row.error());
    const FaultReport known = report.value_or(FaultReport());
    row->bind(1, textOf(nameOf(state)))
        .bind(2, std::int64_t(isOver(state) ? 1 : 0))
        .bind(3, std::int64_t(now()))
        .bind(4, textOf(detail))
        .bind(5, textOf(known.mechanism))
        .bind(6, textOf(known.undo))
        .bind(7, QJsonDocument(known.measured).toJson(QJsonDocument::Compact).toStdString())
        .bind(8, textOf(id));
    if (const auto done = d->told(row->run()); !done)
        return done;
    if (d->database.changedRows() == 0)
        return {};
    return d->told(d->addChange(id, state, detail, known.uptime).and_then([&] {
        return transaction->commit();
    }));
}

domain::Result<void> Ledger::prolong(const QString &id, const QDateTime &until, bool isHeld)
{
    const std::lock_guard lock(d->mutex);
    auto row
        = d->told(d->database.prepare("UPDATE faults SET until = ?1, held = ?2 WHERE id = ?3"));
    if (!row)
        return domain::failure(row.error());
    row->bind(1, std::int64_t(until.toMSecsSinceEpoch()))
        .bind(2, std::int64_t(isHeld ? 1 : 0))
        .bind(3, textOf(id));
    return d->told(row->run());
}

domain::Result<std::optional<FaultRecord>> Ledger::find(const QString &id) const
{
    const std::lock_guard lock(d->mutex);
    const auto found = d->told(d->rows("WHERE id = ?", textOf(id)));
    if (!found)
        return domain::failure(found.error());
    return found->isEmpty() ? std::nullopt : std::optional(found->front());
}

domain::Result<QList<FaultRecord>> Ledger::open() const
{
    const std::lock_guard lock(d->mutex);
    return d->told(d->rows("WHERE over = 0 ORDER BY created", {}));
}

domain::Result<QList<FaultRecord>> Ledger::unresolved() const
{
    const std::lock_guard lock(d->mutex);
    return d->told(d->rows("WHERE over = 0 OR state = 'leaked' ORDER BY created", {}));
}

domain::Result<QList<FaultRecord>> Ledger::newest(int most) const
{
    const std::lock_guard lock(d->mutex);
    return d->told(d->rows("ORDER BY created DESC LIMIT " + std::to_string(std::max(most, 0)), {}));
}

domain::Result<QList<FaultChange>> Ledger::changes(const QString &id) const
{
    const std::lock_guard lock(d->mutex);
    auto statement = d->told(d->database.prepare(
        "SELECT at, uptime, state, detail FROM changes WHERE fault = ? ORDER BY rowid"));
    if (!statement)
        return domain::failure(statement.error());
    statement->bind(1, textOf(id));
    QList<FaultChange> out;
    for (;;) {
        const auto row = d->told(statement->step());
        if (!row)
            return domain::failure(row.error());
        if (!*row)
            return out;
        out += FaultChange{ timeOf(statement->integer(0)),
            static_cast<double>(statement->integer(1)) / 1'000,
            faultStateNamed(textAt(*statement, 2)).value_or(FaultState::Leaked),
            textAt(*statement, 3) };
    }
}

QString ledgerFile(const QString &stateHome, const QString &home)
{
    if (stateHome.startsWith(u'/'))
        return stateHome + QStringLiteral("/faultline/faults.db");
    return home.isEmpty() ? QString() : home + QStringLiteral("/.local/state/faultline/faults.db");
}

} // namespace faultline::faults
