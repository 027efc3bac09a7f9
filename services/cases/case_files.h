// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/lint/lint.h"
#include "services/cases/schema/case_reader.h"
#include "services/domain/result.h"

#include <QDate>
#include <QStringList>

namespace faultline::cases {

/// One case.yaml: what it holds, and all that is wrong with it.
struct CheckedFile
{
    QString path; ///< as it was asked for, for messages
    std::vector<CaseFile> cases;
    Diagnostics diagnostics; ///< of reading and of lint, in the file's order
};

/// The case files among `paths`: files as they are, folders searched for `case.yaml` and `case.yml`
/// (`.git`, `node_modules` and links to folders are left out), sorted, each once. A path that does
/// not exist is an error (ErrorKind::NotFound); so are more than 100,000 files (Invalid).
[[nodiscard]] domain::Result<QStringList> findCaseFiles(const QStringList &paths);

/// The folder that the paths in a case count from: the nearest one above the file with suites.yaml or
/// .git, else the file's own.
[[nodiscard]] QString repositoryOf(const QString &file);

/// Reads and lints one file; blocks on the disk. What can't be read is a diagnostic, too. `today`
/// is compared with expiries. How many containers a service has is taken from the rancher-compose
/// file that the case names, looked for from the repository's root (the nearest folder above with
/// suites.yaml or .git) when it is inside that folder.
[[nodiscard]] CheckedFile checkFile(
    const QString &path, const ParameterValues &chosen, const QDate &today);

/// The one case that `what` means: a file, a folder with a case.yaml, or the name of a case below
/// the current folder. Errors: nothing or several found (NotFound, Conflict), or a case that lint
/// finds errors in (Invalid, with all of them in the server words' place).
[[nodiscard]] domain::Result<CaseFile> loadCase(
    const QString &what, const ParameterValues &chosen, const QDate &today);

/// How many containers each role of the case has, as far as its own numbers and the repository's
/// rancher-compose file tell; by role.
[[nodiscard]] std::map<std::string, int> roleScales(const CaseFile &caseFile);

} // namespace faultline::cases
