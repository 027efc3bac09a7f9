# SPDX-License-Identifier: GPL-3.0-or-later
# Language level, warnings, sanitizers and the packages that every folder may ask for.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_AUTOMOC_PATH_PREFIX ON)

option(FAULTLINE_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(FAULTLINE_FUZZ "Build libraries for libFuzzer (clang): with coverage and both sanitizers" OFF)

find_program(FAULTLINE_CCACHE ccache)
if(FAULTLINE_CCACHE)
    # It takes what a file includes from the compiler's own list: without that it reads every file twice.
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_DEPEND=1
        CCACHE_SLOPPINESS=pch_defines,time_macros "${FAULTLINE_CCACHE}")
endif()

# A change deep down links some forty programs again; mold does that in a fraction of ld's time.
find_program(FAULTLINE_MOLD mold)
if(FAULTLINE_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 12.1)
    add_link_options(-fuse-ld=mold)
endif()

find_package(Threads REQUIRED)
find_package(tl-expected REQUIRED)
find_package(Qt6 6.4 REQUIRED COMPONENTS Core Network WebSockets Sql Concurrent Gui Widgets Svg Test LinguistTools)
find_package(Boost 1.74 REQUIRED)
find_package(simdjson REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(LibArchive REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Qt6Keychain REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(MARIADB REQUIRED IMPORTED_TARGET GLOBAL libmariadb)

# A header that was read beforehand is no system header any more to the optimiser, and it then complains of overruns in
# std::string that are not there. A tree without precompiled headers has these warnings as errors.
set(FAULTLINE_OPTIMISER_GUESSES -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-maybe-uninitialized
    -Wno-free-nonheap-object -Wno-dangling-pointer)

add_library(faultline_warnings INTERFACE)
target_compile_options(faultline_warnings INTERFACE
    -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Werror
    # g++ 12 sees overlaps in std::string's operator+ that aren't there (GCC PR 105651).
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>,$<BOOL:${FAULTLINE_PRECOMPILE}>>:${FAULTLINE_OPTIMISER_GUESSES}>
    # What clang warns of besides is no finding of a fuzzer.
    $<$<BOOL:${FAULTLINE_FUZZ}>:-Wno-error>)

add_library(faultline_sanitize INTERFACE)
if(FAULTLINE_SANITIZE)
    target_compile_options(faultline_sanitize INTERFACE
        -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    target_link_options(faultline_sanitize INTERFACE -fsanitize=address,undefined)
endif()
if(FAULTLINE_FUZZ)
    target_compile_options(faultline_sanitize INTERFACE
        -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    target_link_options(faultline_sanitize INTERFACE -fsanitize=address,undefined)
    # clang 14 can't assemble the mark of Qt's version.
    add_compile_definitions(QT_NO_VERSION_TAGGING)
endif()
