#include "tests/rows.h"

/* clang-format off */
static const struct row rows[] = {
	{ "<throwError type='OUT' errorMessage='no more'/><respond/>", "",
	  "fault 0 no more", "ThrowErrorMediator no more\n" },
	{ "<throwError/>", "", "fault 0 Error occurred in the mediation flow" },
	{ "<property name='r' value='gone'/><throwError errorMessage='{$ctx:r}'/>", "",
	  "fault 0 gone" },
	{ "<m:try xmlns:m='urn:myelin'><throwError type='OUT'/><m:catch>"
	  "<log level='custom'><property name='code' expression='$ctx:ERROR_CODE'/></log>"
	  "</m:catch></m:try>", "", "done", "code = OUT\n" },
	{ "<throwError code='1'/>", "", "1: <throwError> has no attribute 'code'; it has type, errorMessage" },
};
/* clang-format on */

Test(throwError, raises_an_error_of_its_own)
{
	ROWS_CHECK(rows);
}
