# Fuzz targets: tests/fuzz/NAME.c, its corpus in tests/fuzz/NAME/. Without FUZZ each
# is a test that runs over its corpus; with FUZZ (clang) it is a libFuzzer program:
#	cmake -DFUZZ=ON -DCMAKE_C_COMPILER=clang …; build/fuzz_NAME tests/fuzz/NAME
function(fuzz name)
	cmake_parse_arguments(FUZZ_TARGET "" "" "ON;WITH" ${ARGN})
	set(sources tests/fuzz/${name}.c ${FUZZ_TARGET_WITH})
	if(NOT FUZZ)
		list(APPEND sources tests/fuzz/main.c)
	endif()
	add_executable(fuzz_${name} ${sources})
	target_link_libraries(fuzz_${name} ${FUZZ_TARGET_ON})
	if(FUZZ)
		target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
	else()
		add_test(NAME fuzz_${name} COMMAND fuzz_${name}
			 ${CMAKE_SOURCE_DIR}/tests/fuzz/${name})
	endif()
endfunction()

fuzz(http_request  ON net WITH tests/fuzz/http.c)
fuzz(http_response ON net WITH tests/fuzz/http.c)
fuzz(http_chunked  ON net WITH tests/fuzz/http.c)
fuzz(url           ON net)
fuzz(json          ON message)
fuzz(xml           ON message)
fuzz(yaml          ON message)
fuzz(expr          ON expr)
fuzz(reader        ON synapse-xml)
fuzz(toml          ON daemon)
