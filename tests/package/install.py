# SPDX-License-Identifier: Apache-2.0
"""install.py CC BUILD VERSION LIBDIR: installs a build into clean folders and uses what is there.

Each component installs the files of files.txt and no others; the whole tree works after it was moved elsewhere, through
CMake and through pkg-config, shared and static.
"""
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
POLICY = os.path.join(SOURCE, "policies", "premera", "11.01.523", "2024-12-05.socb")
SMALL = os.path.join(SOURCE, "tests", "fuzz", "seeds", "small.soc")
LIBRARIES = ("vm", "batch", "compiler")
COMPONENTS = [f"{name}-{kind}" for name in LIBRARIES for kind in ("runtime", "development")] + ["amalgamation", "program"]


class Suite:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, what, found, expected):
        if found == expected:
            self.passed += 1
            return
        self.failed += 1
        print(f"{what}\n  expected {expected!r}\n  found    {found!r}")


def run(*command, **options):
    """Exit status and what was printed."""
    env = {**os.environ, **options.pop("env", {})}
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env, **options)
    return done.returncode, done.stdout


def must(*command, **options):
    status, output = run(*command, **options)
    if status != 0:
        print(" ".join(command), output, sep="\n")
        raise SystemExit("0 passed, 1 failed")
    return output


def files_in(folder):
    found = []
    for parent, folders, names in os.walk(folder):
        found += [os.path.relpath(os.path.join(parent, name), folder) for name in names]
        found += [os.path.relpath(os.path.join(parent, name), folder) for name in folders
                  if os.path.islink(os.path.join(parent, name))]
    return sorted(found)


def expected_files(component, version, libdir):
    with open(os.path.join(HERE, "files.txt"), encoding="utf-8") as file:
        rows = [line.split() for line in file if line.strip() and not line.startswith("#")]
    soversion = "0"
    return sorted(path.format(version=version, so=soversion, lib=libdir) for owner, path in rows if owner == component)


def install(build, prefix, *components):
    for component in components:
        must("cmake", "--install", build, "--prefix", prefix, "--component", component)


# ---------------------------------------------------------------------------- what is installed


def check_components(suite, build, folder, version, libdir):
    for component in COMPONENTS:
        prefix = os.path.join(folder, component)
        install(build, prefix, component)
        suite.check(f"files of {component}", files_in(prefix), expected_files(component, version, libdir))
    program = os.path.join(folder, "program", "bin", "soc")
    suite.check("the program stands alone", run(program, "--version"), (0, f"soc {version}\n"))


def check_all(suite, build, prefix, version, libdir):
    must("cmake", "--install", build, "--prefix", prefix)
    every = sorted(path for component in COMPONENTS for path in expected_files(component, version, libdir))
    suite.check("files without a component", files_in(prefix), every)


def check_clean(suite, prefix, *paths):
    """Nothing installed knows where it was built or first put."""
    knowing = []
    for name in files_in(prefix):
        with open(os.path.join(prefix, name), "rb") as file:
            content = file.read()
        knowing += [f"{name}: {path}" for path in paths if path.encode() in content]
    suite.check("paths of the build", knowing, [])


# ---------------------------------------------------------------------------- how it is used


def expected_output(name, version):
    if name == "vm":
        return f"{version} {version}: premera/11.01.523\nlength\n"
    if name == "batch":
        return f"{version}: pend pend pend\n"
    return f"{version}: 0 errors, 1 of 1 tests\n"


def needed(binary):
    output = must("readelf", "-d", binary)
    return [name for name in LIBRARIES if f"[libsoc_{name}.so.0]" in output]


def check_program(suite, what, binary, name, version, shared, env):
    argument = SMALL if name == "compiler" else POLICY
    suite.check(f"{what} runs", run(binary, argument, env=env), (0, expected_output(name, version)))
    suite.check(f"{what} needs", name in needed(binary), shared)


def check_cmake(suite, prefix, folder, version, static):
    kind = "static" if static else "shared"
    build = os.path.join(folder, f"cmake-{kind}")
    must("cmake", "-G", "Ninja", "-S", os.path.join(HERE, "consumer"), "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}",
         f"-DSOC_WANTED={';'.join(LIBRARIES)}", f"-DSOC_WANTED_VERSION={version}",
         f"-Dsoc_USE_STATIC_LIBS={'ON' if static else 'OFF'}")
    must("cmake", "--build", build)
    for name in LIBRARIES:
        check_program(suite, f"{name}, find_package, {kind}", os.path.join(build, f"use_{name}"), name, version,
                      not static, {})


def check_pkg_config(suite, compiler, prefix, folder, version, libdir, static):
    kind = "static" if static else "shared"
    env = {"PKG_CONFIG_PATH": os.path.join(prefix, libdir, "pkgconfig"),
           "LD_LIBRARY_PATH": os.path.join(prefix, libdir)}
    for name in LIBRARIES:
        flags = must("pkg-config", *(["--static"] if static else []), "--cflags", "--libs", f"soc-{name}", env=env)
        binary = os.path.join(folder, f"use_{name}_{kind}")
        must(compiler, "-std=c11", os.path.join(HERE, "consumer", f"use_{name}.c"), "-o", binary,
             *(["-static"] if static else []), *flags.split())
        check_program(suite, f"{name}, pkg-config, {kind}", binary, name, version, not static, env)
    suite.check("version of pkg-config", must("pkg-config", "--modversion", "soc-vm", env=env), f"{version}\n")


def check_examples(suite, prefix, folder, static):
    """The examples alone, against what is installed."""
    kind = "static" if static else "shared"
    build = os.path.join(folder, f"examples-{kind}")
    must("cmake", "-G", "Ninja", "-S", os.path.join(SOURCE, "examples", "embed"), "-B", build,
         f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_C_FLAGS=-Wall -Wextra -Wpedantic -Werror",
         f"-Dsoc_USE_STATIC_LIBS={'ON' if static else 'OFF'}")
    must("cmake", "--build", build)
    status, output = run("sh", "examples/embed/run.sh", build, cwd=SOURCE)
    suite.check(f"examples, {kind}", (status, output.splitlines()[-1:]), (0, ["8 passed, 0 failed"]))
    suite.check(f"examples need, {kind}", needed(os.path.join(build, "embed_swap")), [] if static else ["vm"])
    columns = needed(os.path.join(build, "embed_columns"))
    suite.check(f"the example of columns needs, {kind}", columns, [] if static else ["vm", "batch"])


def find(prefix, folder, wanted, version):
    """What CMake says when a package is looked for that is not there."""
    build = os.path.join(folder, "none")
    shutil.rmtree(build, ignore_errors=True)
    status, output = run("cmake", "-G", "Ninja", "-S", os.path.join(HERE, "consumer"), "-B", build,
                         f"-DCMAKE_PREFIX_PATH={prefix}", f"-DSOC_WANTED={wanted}", f"-DSOC_WANTED_VERSION={version}")
    return status, " ".join(output.split())


def check_absent(suite, build, folder, version):
    prefix = os.path.join(folder, "vm-alone")
    install(build, prefix, "vm-runtime", "vm-development")
    suite.check("the VM alone is found", find(prefix, folder, "vm", version)[0], 0)
    status, output = find(prefix, folder, "vm;compiler", version)
    suite.check("the compiler is not", (status, ": compiler; the components of soc are" in output), (1, True))
    major, minor, _ = map(int, version.split("."))
    for other in (f"{major}.{minor + 1}", f"{major + 1}.0"):
        suite.check(f"nor is version {other}", find(prefix, folder, "vm", other)[0], 1)


def check_other_version(suite, compiler, prefix, folder, libdir):
    """Libraries of different releases, or of different builds of one, refuse to work together."""
    for what in ("version", "layout"):
        other = os.path.join(folder, f"other_{what}.so")
        must(compiler, "-shared", "-fPIC", os.path.join(HERE, "consumer", f"other_{what}.c"), "-o", other)
        env = {"LD_PRELOAD": other, "LD_LIBRARY_PATH": os.path.join(prefix, libdir)}
        suite.check(f"batch with a vm of another {what}", run(os.path.join(folder, "use_batch_shared"), POLICY, env=env),
                    (1, "version: soc_batch runs with a soc_vm of another version or build\n"))
        suite.check(f"compiler with a vm of another {what}",
                    run(os.path.join(folder, "use_compiler_shared"), SMALL, env=env), (1, "no compilation\n"))


def layout_number(folder):
    return int(must("cmake", f"-DFOLDER={folder}", "-P", os.path.join(SOURCE, "cmake", "SocLayout.cmake")), 16)


def check_layout(suite, build, folder):
    """The number follows what the libraries share, and the library that was built knows it."""
    library = ctypes.CDLL(os.path.join(build, "vm", "libsoc_vm.so"))
    library.soc_vm_layout.restype = ctypes.c_uint32
    now = layout_number(SOURCE)
    suite.check("layout of the library", library.soc_vm_layout(), now)
    copy = os.path.join(folder, "layout")
    for part in ("vm", os.path.join("include", "soc")):
        shutil.copytree(os.path.join(SOURCE, part), os.path.join(copy, part))
    suite.check("layout of a copy", layout_number(copy), now)
    with open(os.path.join(copy, "vm", "case.h"), "a", encoding="utf-8") as file:
        file.write("// another one\n")
    suite.check("layout of another case", layout_number(copy) != now, True)


def main():
    compiler, build, version, libdir = sys.argv[1:]
    for tool in ("pkg-config", "ninja"):
        if not shutil.which(tool):
            print(f"skipped: {tool} is not here")
            return 77
    suite = Suite()
    with tempfile.TemporaryDirectory() as folder:
        check_components(suite, build, folder, version, libdir)
        first, prefix = os.path.join(folder, "first"), os.path.join(folder, "moved", "elsewhere")
        check_all(suite, build, first, version, libdir)
        os.makedirs(os.path.dirname(prefix))
        os.rename(first, prefix)
        check_clean(suite, prefix, build, SOURCE, first)
        for static in (False, True):
            check_cmake(suite, prefix, folder, version, static)
            check_pkg_config(suite, compiler, prefix, folder, version, libdir, static)
            check_examples(suite, prefix, folder, static)
        check_absent(suite, build, folder, version)
        check_layout(suite, build, folder)
        check_other_version(suite, compiler, prefix, folder, libdir)
    print(f"{suite.passed} passed, {suite.failed} failed")
    return 0 if suite.failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
