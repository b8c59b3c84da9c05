# Tests that are more than one room's units. Labels: slow (minutes), threads (several
# workers: run under ThreadSanitizer, with which Criterion cannot live), counts (exact
# numbers, of the release build).
set(MYELIN $<TARGET_FILE:myelin>)
set(TESTS ${CMAKE_SOURCE_DIR}/tests)

# The state machine of endpoints against the vectors of the original.
if(TARGET vectors)
	add_test(NAME vectors
		 COMMAND vectors ${TESTS}/conformance/endpoint_vectors.jsonl)
endif()

# The language of scenarios by itself.
add_executable(scenario_test tests/scenario_test.c tests/scenario.c
	       tests/scenario_match.c)
set_target_properties(scenario_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY
		      ${CMAKE_BINARY_DIR}/tests)
target_link_libraries(scenario_test schema base ${CRITERION_LIBRARIES})
add_test(NAME scenario COMMAND scenario_test)
add_test(NAME dev-check COMMAND ${CMAKE_SOURCE_DIR}/tools/dev/check)
add_test(NAME dev-check.finds COMMAND ${TESTS}/dev_check)

# What check --explain says.
add_executable(explain_test tests/explain_test.c tools/explain.c)
set_target_properties(explain_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY
		      ${CMAKE_BINARY_DIR}/tests)
target_link_libraries(explain_test synapse-xml ${CRITERION_LIBRARIES})
add_test(NAME explain COMMAND explain_test)

# Scenarios: read, and played in virtual time or over sockets.
add_library(player STATIC tests/scenario.c tests/scenario_match.c tests/play.c tests/network.c tests/player.c
	    tests/wire.c tests/backends.c tests/engine_process.c tests/live.c)
target_link_libraries(player daemon)
target_link_libraries(myelin player)

# Samples: each played in virtual time, and some over real sockets, on the ports that
# stand in them.
file(GLOB samples CONFIGURE_DEPENDS samples/*/scenario.txt)
foreach(scenario ${samples})
	get_filename_component(folder ${scenario} DIRECTORY)
	get_filename_component(name ${folder} NAME)
	is_left_out(${name} left_out)
	if(left_out)
		continue()
	endif()
	add_test(NAME sample.${name} COMMAND myelin simulate ${scenario})
	add_test(NAME live.${name} COMMAND myelin simulate --live ${scenario})
	set_tests_properties(live.${name} PROPERTIES RESOURCE_LOCK ports)
endforeach()
file(GLOB scenarios CONFIGURE_DEPENDS tests/scenarios/*/scenario.txt)
foreach(scenario ${scenarios})
	get_filename_component(folder ${scenario} DIRECTORY)
	get_filename_component(name ${folder} NAME)
	is_left_out(${name} left_out)
	if(left_out)
		continue()
	endif()
	add_test(NAME scenario.${name} COMMAND myelin simulate ${scenario})
endforeach()

add_test(NAME scenario.fails COMMAND ${TESTS}/fails ${MYELIN} ${TESTS}/failing)

# Wrong input is blamed on its line; front ends mean what stands beside their files.
if(EXISTS ${TESTS}/errors)
	add_test(NAME errors COMMAND ${TESTS}/blame ${MYELIN} ${TESTS}/errors)
endif()
add_test(NAME settings-page COMMAND ${TESTS}/same ${CMAKE_SOURCE_DIR}/docs/settings.md
	 ${MYELIN} describe --settings)
add_test(NAME xsd COMMAND ${TESTS}/xsd ${MYELIN} ${TESTS}/errors ${CMAKE_SOURCE_DIR}/samples
	 ${TESTS}/scenarios)
foreach(room mule-xml openapi fallback)
	is_left_out(${room} left_out)
	if(EXISTS ${CMAKE_SOURCE_DIR}/${room}/testdata AND NOT left_out)
		add_test(NAME translations.${room} COMMAND ${TESTS}/translations ${MYELIN}
			 ${CMAKE_SOURCE_DIR}/${room}/testdata)
		add_test(NAME errors.${room} COMMAND ${TESTS}/blame ${MYELIN}
			 ${CMAKE_SOURCE_DIR}/${room}/errors)
	endif()
endforeach()

# Fuzz targets: a function each. With FUZZ they are libFuzzer's, else they run their corpus.
file(GLOB fuzzers CONFIGURE_DEPENDS tests/fuzz/*_fuzz.c)
foreach(source ${fuzzers})
	get_filename_component(name ${source} NAME_WE)
	string(REPLACE "_fuzz" "" corpus ${name})
	if(FUZZ)
		add_executable(${name} ${source})
		target_link_options(${name} PRIVATE -fsanitize=fuzzer)
	else()
		add_executable(${name} ${source} tests/fuzz/corpus.c)
		add_test(NAME fuzz.${corpus} COMMAND ${name} ${TESTS}/fuzz/${corpus})
	endif()
	set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY
			      ${CMAKE_BINARY_DIR}/tests)
	target_link_libraries(${name} daemon)
endforeach()

# Whole cases over real sockets: an engine each, scripted backends, one area a test.
set(SERVE "${CMAKE_BINARY_DIR}/myelin serve {dir} --port {port} --tls-port {tls_port} \
--admin-port {admin_port} --probe-port {probe_port} --state {state} --bind 127.0.0.1")
file(GLOB areas CONFIGURE_DEPENDS tests/conformance/scenarios/*)
set(first 12000)
foreach(area ${areas})
	get_filename_component(name ${area} NAME)
	is_left_out(${name} left_out)
	if(left_out)
		continue()
	endif()
	math(EXPR last "${first} + 1000")
	add_test(NAME conformance.${name} COMMAND ${TESTS}/conformance/run --engine ${SERVE}
		 --only ${name} --jobs 2 --ports ${first}-${last} -v)
	set(first ${last})
	set_tests_properties(conformance.${name} PROPERTIES LABELS slow TIMEOUT 300)
	if(name MATCHES "^(deploy|endpoint-state|failover|http)$")
		set_tests_properties(conformance.${name} PROPERTIES LABELS "slow;threads"
				     ENVIRONMENT
				     TSAN_OPTIONS=suppressions=${TESTS}/thread.supp)
	endif()
endforeach()
if(areas)
	add_test(NAME conformance.lint COMMAND ${TESTS}/conformance/run --lint)
endif()

# The engine's HTTP path, from end to end; each starts what it needs, on free ports.
file(GLOB e2e CONFIGURE_DEPENDS tests/e2e/*.py)
list(FILTER e2e EXCLUDE REGEX "/rig\\.py$")
foreach(script ${e2e})
	get_filename_component(name ${script} NAME_WE)
	is_left_out(${name} left_out)
	if(left_out)
		continue()
	endif()
	add_test(NAME e2e.${name} COMMAND python3 -B ${script})
	set_tests_properties(e2e.${name} PROPERTIES TIMEOUT 120 ENVIRONMENT
			     MYELIN=${CMAKE_BINARY_DIR}/myelin)
endforeach()

# People's own files, where they are at hand; they are not part of this repository.
if(EXISTS ${CMAKE_SOURCE_DIR}/../shared/corpus)
	add_test(NAME corpus COMMAND ${TESTS}/corpus ${MYELIN}
		 ${CMAKE_SOURCE_DIR}/../shared/corpus)
	set_tests_properties(corpus PROPERTIES LABELS slow)
endif()

# Exact numbers of the plain path; of the release build only.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
	foreach(count calls allocations instructions)
		add_test(NAME counts.${count} COMMAND ${TESTS}/counts ${MYELIN} ${count})
		set_tests_properties(counts.${count} PROPERTIES LABELS counts RUN_SERIAL ON)
	endforeach()
endif()

# What is bound is written back as it was: examples of the manual, samples, people's
# own files.
add_executable(round_trip tests/round_trip.c tools/artifacts.c ${MANUAL})
set_target_properties(round_trip PROPERTIES RUNTIME_OUTPUT_DIRECTORY
		      ${CMAKE_BINARY_DIR}/tests)
target_link_libraries(round_trip daemon)
add_test(NAME round-trip COMMAND round_trip ${CMAKE_SOURCE_DIR}/samples ${TESTS}/scenarios
	 ${CMAKE_SOURCE_DIR}/mule-xml ${CMAKE_SOURCE_DIR}/../shared/corpus)
# The file that the example of localEntry names.
set_tests_properties(round-trip PROPERTIES WORKING_DIRECTORY ${TESTS}/manual)

# One thing in four languages, and the languages call each other.
is_left_out(one-core left_out)
if(NOT left_out)
	add_test(NAME one-core COMMAND python3 -B ${TESTS}/one_core/test)
	set_tests_properties(one-core PROPERTIES TIMEOUT 120 ENVIRONMENT
			     MYELIN=${CMAKE_BINARY_DIR}/myelin)
endif()
