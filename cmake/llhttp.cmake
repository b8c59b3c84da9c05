# llhttp: a library where the system has one (libllhttp), else built from the C
# files of Debian's node-llhttp. Strict, or it takes a space before a colon.
find_library(LLHTTP_LIBRARY llhttp)
if(LLHTTP_LIBRARY)
	add_library(llhttp INTERFACE)
	target_link_libraries(llhttp INTERFACE ${LLHTTP_LIBRARY})
else()
	set(LLHTTP_SOURCES /usr/share/llhttp CACHE PATH "llhttp's C files")
	set(LLHTTP_INCLUDE /usr/share/include/llhttp CACHE PATH "llhttp.h")
	add_library(llhttp STATIC ${LLHTTP_SOURCES}/api.c ${LLHTTP_SOURCES}/http.c
		    ${LLHTTP_SOURCES}/llhttp.c)
	target_include_directories(llhttp SYSTEM PUBLIC ${LLHTTP_INCLUDE})
	target_compile_definitions(llhttp PUBLIC LLHTTP_STRICT_MODE=1)
	target_compile_options(llhttp PRIVATE -w)
endif()
