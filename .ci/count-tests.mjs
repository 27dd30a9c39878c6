// Prints `tests: N passed, N failed` from the JSON report of the test runner, zeros when there is none. Exits with 1, and
// says why on standard error, when the report is missing, when no test passed, and when the run failed: with the names and the
// first messages of what failed, as a log of CI is often cut to its end.

import { readFileSync } from 'node:fs';

const [path = ''] = process.argv.slice(2);
const problems = [];
const { numPassedTests = 0, numFailedTests = 0, success = false, testResults = [] } = read(path);

if (numPassedTests === 0) problems.push('no test passed');
if (numFailedTests > 0) problems.push(`${numFailedTests} tests failed`);
// A file that does not load, or a type test that does not compile, fails the run without a failed test.
else if (!success) problems.push('the run failed outside of the tests');

for (const problem of problems) console.error(`test report: ${problem}`);
for (const { name, assertionResults } of testResults) {
  for (const { status, fullName, failureMessages } of assertionResults) {
    if (status === 'failed') console.error(`${name}: ${fullName}\n${failureMessages.join('\n').slice(0, 3000)}\n`);
  }
}
console.log(`tests: ${numPassedTests} passed, ${numFailedTests} failed`);
process.exitCode = problems.length === 0 ? 0 : 1;

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    problems.push(`cannot be read: ${error.message}`);
    return {};
  }
}
