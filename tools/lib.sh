# Shared by the scripts in tools/: where things are, how bulla is built.
# shellcheck shell=sh
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"

say() {
    printf '\n== %s\n' "$*"
}

# build FOLDER COMPILER [meson option…]: configure once, build, stay quiet unless it fails.
build() {
    folder=$1
    compiler=$2
    shift 2
    if [ ! -e "$folder/build.ninja" ]; then
        case $compiler in
        gcc) CC=gcc CXX=g++ ;;
        clang) CC=clang CXX=clang++ ;;
        esac
        CC=$CC CXX=$CXX meson setup "$folder" -Dwerror=true "$@" >"$folder.log" 2>&1 || {
            tail -30 "$folder.log" >&2
            return 1
        }
        rm -f "$folder.log"
    fi
    ninja -C "$folder" >"$folder/build.log" 2>&1 || {
        tail -60 "$folder/build.log" >&2
        return 1
    }
    echo "built with $compiler in $folder"
}
