#include "tests/rows.h"

#define SHEET(key, inside)                                                              \
	"<localEntry key='" key "'><xsl:stylesheet version='1.0' "                      \
	"xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:param name='p'/>" inside \
	"</xsl:stylesheet></localEntry>"

static struct world w;

static void deploy(const char *xml)
{
	cr_assert(world_deploy(&w, xml), "%s", world_complaint(&w));
}

static void setup(void)
{
	world_init(&w);
	deploy(SHEET("out", "<xsl:template match='/'><out xmlns='' p='{$p}'>"
			    "<xsl:value-of select='//n'/></out></xsl:template>"));
	deploy(SHEET("text", "<xsl:output method='text'/><xsl:template match='/'>"
			     "n=<xsl:value-of select='//n'/></xsl:template>"));
	deploy(SHEET("file", "<xsl:template match='/'><xsl:copy-of "
			     "select=\"document('/etc/hostname')\"/></xsl:template>"));
	deploy("<localEntry key='none'>no stylesheet</localEntry>");
}

static void teardown(void)
{
	world_release(&w);
}

/* clang-format off */
static const struct row rows[] = {
	{ "<xslt key='out'><property name='p' value=\"it's\"/></xslt><respond/>",
	  "<o><n>1</n></o>", "200 <out xmlns=\"\" p=\"it's\">1</out>" },
	{ "<xslt key='out' source='//n'/><respond/>", "<o><n>1</n></o>",
	  "200 <o><out xmlns=\"\" p=\"\">1</out></o>" },
	{ "<xslt key='text'/><property name='messageType' value='text/plain' "
	  "scope='axis2'/><respond/>", "<o><n>1</n></o>", "200 n=1" },
	{ "<xslt key='none'/>", "<o/>",
	  "fault 0 Unable to perform XSLT transformation using : Value {name ='null', "
	  "keyValue ='none'} reason : it is no stylesheet" },
	{ "<xslt key='gone'/>", "<o/>",
	  "fault 0 Unable to perform XSLT transformation using : Value {name ='null', "
	  "keyValue ='gone'} reason : there is no such entry" },
	{ "<xslt/>", "", "1: The 'key' attribute is required for the XSLT mediator" },
};
/* clang-format on */

Test(xslt, transforms_the_payload, .init = setup, .fini = teardown)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *ending = row_run(&w, rows[i].xml, rows[i].body);

		cr_expect_str_eq(ending, rows[i].ending, "%s: %s", rows[i].xml, ending);
	}
}

Test(xslt, a_stylesheet_reads_no_files, .init = setup, .fini = teardown)
{
	const char *ending = row_run(&w, "<xslt key='file'/><respond/>", "<o/>");

	cr_expect_str_eq(
		ending,
		"fault 0 Unable to perform XSLT transformation using : Value "
		"{name ='null', keyValue ='file'} reason : the stylesheet failed",
		"%s", ending);
}
