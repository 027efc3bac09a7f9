# SPDX-License-Identifier: GPL-3.0-or-later
# A tree that is built from nothing is built twice as fast when a few files of a library are compiled together: what they
# include and instantiate alike is then done once. After a change, the file's few neighbours are compiled again with it.
option(FAULTLINE_TOGETHER "Compile a few files of a library at once" OFF)

set(FAULTLINE_FILES_AT_ONCE 5)

# These have names of their own that another file of their library also has to itself.
set(FAULTLINE_COMPILED_ALONE
    services/cases/suites.cpp
    services/cases/schema/fault_kinds.cpp
    services/ci/gitlab/gitlab_parse.cpp
    services/faults/fault_report.cpp
    services/faults/fault_spec.cpp
    services/faults/fault_undo.cpp
    services/faults/helper_container.cpp
    services/faults/injection_flow.cpp
    services/faults/injection_follow.cpp
    services/faults/ledger.cpp
    services/faults/machine_kinds.cpp
    services/faults/reaper.cpp
    services/faults/target_pick.cpp
    services/lab/docker/http_exchange.cpp
    services/lab/gitlab/api_pipelines.cpp
    services/lab/gitlab/api_releases.cpp
    services/lab/gitlab/api_resource_groups.cpp
    services/lab/gitlab/api_runners.cpp
    services/lab/gitlab/api_schedules.cpp
    services/lab/gitlab/api_statuses.cpp
    services/lab/gitlab/api_trace.cpp
    services/lab/gitlab/api_triggers.cpp
    services/lab/http/router.cpp
    services/lab/rancher/api_fields.cpp
    services/lab/rancher/log_sockets.cpp
    services/lab/rancher/service_upgrade.cpp
    services/net/http_attempt.cpp
    services/runs/agent_fault.cpp
    services/runs/stack_setup.cpp
    services/settings/workspace.cpp
    views/logs/log_view_paint.cpp)

# faultline_compile_together(LIBRARY SOURCE…): in the folder of the library.
function(faultline_compile_together name)
    if(NOT FAULTLINE_TOGETHER)
        return()
    endif()
    set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${FAULTLINE_FILES_AT_ONCE})
    foreach(source IN LISTS ARGN)
        file(RELATIVE_PATH path "${PROJECT_SOURCE_DIR}" "${source}")
        if(path IN_LIST FAULTLINE_COMPILED_ALONE)
            set_source_files_properties("${source}" PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
        endif()
    endforeach()
endfunction()
