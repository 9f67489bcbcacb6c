# SPDX-License-Identifier: Apache-2.0
# soc_embed(TARGET FILE SYMBOL): compiles the bytes of a file into a target, at build time.
# The target's C code declares what it uses:
#     extern const unsigned char SYMBOL[];    // the bytes and one NUL after them, as the scanner wants it
#     extern const size_t SYMBOL_size;        // without that NUL
# Run with -P (see the end) this same file is the script that writes the C file.

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  file(READ "${INPUT}" hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  # 16 bytes a line: "0xff," is five characters.
  string(REGEX REPLACE "(................................................................................)"
    "\\1\n" bytes "${bytes}")
  file(WRITE "${OUTPUT}"
    "#include <stddef.h>\n"
    "extern const unsigned char ${SYMBOL}[];\nextern const size_t ${SYMBOL}_size;\n"
    "const unsigned char ${SYMBOL}[] = {\n${bytes}\n0x00};\nconst size_t ${SYMBOL}_size = ${size};\n")
  return()
endif()

set(SOC_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")

function(soc_embed target file symbol)
  cmake_path(ABSOLUTE_PATH file NORMALIZE OUTPUT_VARIABLE input)
  set(output "${CMAKE_CURRENT_BINARY_DIR}/embed/${symbol}.c")
  add_custom_command(OUTPUT "${output}"
    COMMAND ${CMAKE_COMMAND} "-DINPUT=${input}" "-DOUTPUT=${output}" "-DSYMBOL=${symbol}" -P "${SOC_EMBED_SCRIPT}"
    DEPENDS "${input}" "${SOC_EMBED_SCRIPT}"
    COMMENT "Embedding ${symbol}" VERBATIM)
  target_sources(${target} PRIVATE "${output}")
endfunction()
