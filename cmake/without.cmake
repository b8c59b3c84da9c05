# WITHOUT names front ends that are left out; daemon/without/ has what then stands in for them.
foreach(name ${WITHOUT})
	if(NOT EXISTS ${CMAKE_SOURCE_DIR}/daemon/without/${name}.c)
		message(FATAL_ERROR "WITHOUT: ${name} cannot be left out")
	endif()
endforeach()
# Does a test, sample or fuzz target of this name need what is left out? The name of a
# room's begins with the room's ("mule-fallback"); one core needs all of them.
function(is_left_out name result)
	set(${result} FALSE PARENT_SCOPE)
	foreach(room ${WITHOUT})
		string(REGEX REPLACE "-.*" "" language ${room})
		if(name MATCHES "^${language}(-|$)" OR name STREQUAL "one-core")
			set(${result} TRUE PARENT_SCOPE)
		endif()
	endforeach()
endfunction()
