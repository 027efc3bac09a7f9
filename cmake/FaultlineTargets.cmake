# SPDX-License-Identifier: GPL-3.0-or-later

# faultline_library(NAME [QT] [LINK lib...]): a static library of every .cpp/.h of this folder (not of
# sub-folders). QT turns on moc and forbids the Qt keywords and implicit casts from char*.
function(faultline_library name)
    cmake_parse_arguments(arg "QT" "" "LINK;EXCLUDE" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp" "${CMAKE_CURRENT_SOURCE_DIR}/*.h")
    if(arg_EXCLUDE)
        list(FILTER sources EXCLUDE REGEX "${arg_EXCLUDE}")
    endif()
    set(hasCode FALSE)
    foreach(file IN LISTS sources)
        if(file MATCHES "\\.cpp$")
            set(hasCode TRUE)
        endif()
    endforeach()
    if(hasCode)
        add_library(${name} STATIC ${sources})
        set(scope PUBLIC)
        target_link_libraries(${name} PRIVATE faultline_warnings)
    else()
        add_library(${name} INTERFACE)
        set(scope INTERFACE)
    endif()
    target_include_directories(${name} ${scope} "${PROJECT_SOURCE_DIR}")
    target_link_libraries(${name} ${scope} ${arg_LINK} faultline_sanitize Threads::Threads)
    if(arg_QT)
        target_compile_definitions(${name} ${scope} QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_FOREACH)
        if(hasCode)
            set_target_properties(${name} PROPERTIES AUTOMOC ON)
        endif()
    endif()
endfunction()

# faultline_program(NAME SOURCES... LINK lib...): a program in <build>/bin.
function(faultline_program name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE faultline_warnings faultline_sanitize ${arg_LINK})
    set_target_properties(${name} PROPERTIES AUTOMOC ON)
endfunction()

# faultline_test(NAME SOURCES... LINK lib... [LABEL unit|engine|gui] [TIMEOUT seconds]): one QtTest (or plain)
# program, registered with ctest. Label `engine` = needs a Docker Engine, `gui` = drives widgets offscreen.
function(faultline_test name)
    cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "SOURCES;LINK" ${ARGN})
    if(NOT arg_LABEL)
        set(arg_LABEL unit)
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE faultline_warnings faultline_sanitize ${arg_LINK} Qt6::Test)
    target_compile_definitions(${name} PRIVATE
        FAULTLINE_TEST_SOURCE_DIR="${CMAKE_CURRENT_SOURCE_DIR}"
        FAULTLINE_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
        FAULTLINE_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
    set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABEL}" TIMEOUT ${arg_TIMEOUT}
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;TZ=UTC;QT_LOGGING_RULES=;LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/lsan.supp;UBSAN_OPTIONS=print_stacktrace=1")
endfunction()
