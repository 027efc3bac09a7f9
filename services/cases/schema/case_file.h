// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/yaml/yaml_value.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace faultline::cases {

using std::chrono::milliseconds;

/// A value with the place where it stands in its file, for messages of later checks.
template <typename T>
struct Placed
{
    T value{};
    yaml::Place place;
};

enum class Severity { Blocker, Major, Minor, Experimental };

/// A failure that is known: a finding whose text matches is reported as such until the date.
struct KnownIssue
{
    std::string match; ///< regular expression (RE2 syntax)
    std::string issue; ///< link or number
    std::string until; ///< ISO date; required, so that nothing is excused for ever
    yaml::Place place;
};

struct Metadata
{
    std::string name; ///< [a-z0-9-]
    std::string title;
    std::string ownerTeam; ///< owns the scene; required
    std::string ownerPerson;
    Severity severity = Severity::Major;
    std::vector<std::string> suites;
    std::map<std::string, std::string> labels;
    std::vector<KnownIssue> knownIssues;
    yaml::Place place;
    yaml::Place namePlace;
};

enum class ParameterType { Int, Number, Bool, String, Enum, Duration };

struct Parameter
{
    std::string name;
    ParameterType type = ParameterType::String;
    std::optional<std::string> defaultValue; ///< as written; none = must be chosen
    std::optional<std::string> minimum; ///< for int, number, duration
    std::optional<std::string> maximum;
    std::vector<std::string> values; ///< for enum
    yaml::Place place;
};

/// What is run of a component: at most one of the three is set; none = the image as written.
struct Version
{
    std::string branch;
    std::string tag;
    std::string commit;
};

struct Role
{
    std::string name;
    std::string service; ///< of the compose file
    int scale = 0; ///< 0 = as the compose file says
    std::string image;
    Version version;
    yaml::Place place;
};

enum class ProbeKind { Tcp, Http, Exec, Sql };

/// A steady measurement: started every `every`, whether earlier ones have ended or not (open loop).
struct Probe
{
    std::string id;
    ProbeKind kind = ProbeKind::Tcp;
    std::string target; ///< "role:port", a URL, a command, "role:port/database"
    std::vector<std::string> command; ///< exec
    std::string statement; ///< sql
    std::string user; ///< sql; empty = root
    std::string
        password; ///< sql; where it is ("env:NAME", "file:/path", "keychain:entry"), or none
    std::optional<std::string> expect; ///< sql; the rows that are an answer, empty = any
    milliseconds every{ 1000 };
    milliseconds timeout{ 1000 };
    yaml::Place place;
};

/// One command or statement of `prepare`.
struct Step
{
    enum class Kind { Exec, Sql } kind = Kind::Exec;
    std::string where = "runner"; ///< "runner" or a role; sql: "role:port/database"
    std::string text;
    std::string user; ///< sql, as a probe's
    std::string password;
    yaml::Place place;
};

struct Topology
{
    std::string compose; ///< path relative to the case's repository
    std::string rancherCompose;
    std::string manifests;
    std::vector<Role> roles;
    std::vector<Probe> ready;
    std::vector<Step> prepare;
    yaml::Place place;
};

/// What must be free before the run starts (queue gate).
struct Needs
{
    int slots = 0;
    double cpu = 0; ///< cores
    std::int64_t memoryBytes = 0;
    milliseconds maxWait{ 0 }; ///< 0 = wait as long as the case's timeout allows
};

struct Workload
{
    std::string command;
    std::string where = "runner";
    std::map<std::string, std::string> environment;
    std::string historyPath;
    std::string historyFormat;
    std::string metrics; ///< regular expression on stdout, or an HTTP address
    std::string progress; ///< file with "N/M"
    milliseconds heartbeat{ 0 };
    bool mayBeFaulted = false; ///< said explicitly: faults may hit the workload's own role
    bool isPresent = false;
    yaml::Place place;
};

struct Phase
{
    std::string name;
    milliseconds duration{ 0 };
    std::vector<std::string> faults; ///< ids
    bool runsAllFaults = false; ///< `faults: all`
    bool runsWorkload = true;
    bool healsAll = false;
    yaml::Place place;
};

/// Which of a role's containers a fault hits.
struct Target
{
    std::string role;
    std::string pick
        = "one"; ///< leader, one, all, n, percent, minority, majority, minorityThird, names
    int count = 0; ///< for n and percent
    std::vector<std::string> names;
    std::string leaderCommand; ///< asks the system under test
};

struct Schedule
{
    milliseconds every{ 0 };
    milliseconds jitter{ 0 };
    milliseconds poisson{ 0 }; ///< mean gap; 0 = not a Poisson schedule
    std::vector<milliseconds> at; ///< offsets from the phase's start
    milliseconds duration{ 0 }; ///< `for`; 0 = an instant (kill)
    milliseconds startAfter{ 0 };
    int most = 0; ///< `max`; 0 = no bound
};

struct FaultEntry
{
    std::string id;
    std::string kind;
    Target target;
    std::map<std::string, std::string> arguments;
    Schedule schedule;
    std::optional<Probe> inForce;
    std::optional<Probe> out;
    milliseconds lease{ 30'000 };
    std::vector<std::string> conflictsWith;
    yaml::Place place;
};

struct FaultPolicy
{
    enum class Mode { Mixed, Sequential, None } mode = Mode::Mixed;
    int maxConcurrent = 1;
    milliseconds quietPeriod{ 0 };
    std::vector<std::string> protectedRoles;
};

/// One definition of an anomaly.
struct Check
{
    std::string id;
    std::string kind; ///< exitCode, log.pattern, probe.availability, …
    enum class When { During, Final } when = When::Final;
    std::string anomaly; ///< consistency, isolation, crash, availability, recovery, performance
    bool isSkipped = false; ///< a default that the case turns off
    std::map<std::string, yaml::Value> arguments; ///< by kind; checked by lint
    yaml::Place place;
};

enum class OnFinding { StopNow, FinishPhase, Continue };

/// What becomes of the stack after one kind of outcome.
struct Retention
{
    yaml::Place place;
    bool keep = false;
    milliseconds ttl{ 0 };
    milliseconds extendMax{ 0 };
    milliseconds warnBefore{ 0 };
    bool holdsFaults = false; ///< `faults: hold`; else they are healed
    bool pausesWorkload = false; ///< `workload: pause`; else it is stopped
    int quota = 0; ///< scenes per owner; 0 = no bound
};

/// What a run takes along from its containers beside their logs and states.
struct EvidenceWish
{
    enum class Kind {
        Files, ///< a file or folder: "/etc/x" of every container, "role:/etc/x" of one role's
        Cores, ///< "core": core files in the containers' own layers
        KernelLog, ///< "dmesg": the kernel's messages, where a container may read them
    };
    Kind kind = Kind::Files;
    std::string role; ///< empty: every container
    std::string path; ///< absolute; of Files
    yaml::Place place;
};

struct Notify
{
    std::vector<std::string> events;
    std::string slack; ///< channel or name of a webhook reference; never the URL itself
    std::vector<std::string> mention;
};

/// A declared case, as read, with its parameters filled in.
struct CaseFile
{
    std::string file; ///< for messages
    Metadata metadata;
    std::vector<Parameter> parameters;
    std::map<std::string, std::string> values; ///< of the parameters, after defaults
    Topology topology;
    Needs needs;
    std::optional<std::uint64_t> seed; ///< empty = auto
    Workload workload;
    std::vector<Probe> probes;
    std::vector<Phase> phases;
    milliseconds timeout{ 0 };
    yaml::Place timeoutPlace;
    std::vector<FaultEntry> faults;
    FaultPolicy faultPolicy;
    std::vector<Check> checks;
    std::map<std::string, OnFinding> onFinding; ///< by severity
    std::map<std::string, Retention>
        retention; ///< by outcome: pass, fail, unknown, infrastructure, aborted
    std::vector<EvidenceWish> evidence;
    std::vector<Notify> notify;
    bool reportsCommitStatus = false;
    std::vector<std::string> reportFormats;
    std::string compareWith;
    yaml::Place place;
};

} // namespace faultline::cases
