/** The test of the same name under test/lib, with more kills. */
process.env["RESUME_KILLS"] = "30";
void import("../lib/training/resume-killed.test");
