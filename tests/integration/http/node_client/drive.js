// Calls methods of the official client as a test says, a JSON document a line, and answers likewise.
//
// What JSON cannot say: {"$file": base64} is a file, {"$upload": [base64, options]} one prepared for an email,
// {"$axios": options} what sends requests.
'use strict';

const readline = require('readline');
const { createRequire } = require('module');

// Where the client is installed is the test's to say, and nothing of it is here.
const installed = createRequire(process.argv[2]);
const { NotifyClient } = installed('notifications-node-client');
const client = new NotifyClient(process.argv[3], process.argv[4]);

function meant(key, value) {
  if (value && value.$file) return Buffer.from(value.$file, 'base64');
  if (value && value.$upload) {
    return client.prepareUpload(Buffer.from(value.$upload[0], 'base64'), value.$upload[1]);
  }
  if (value && value.$axios) return installed('axios').create(value.$axios);
  return value;
}

async function answer(line) {
  const { method, given } = JSON.parse(line, meant);
  if (method === 'methods') return { result: Object.getOwnPropertyNames(NotifyClient.prototype) };
  try {
    const got = await client[method](...given);
    if (Buffer.isBuffer(got)) return { result: { $file: got.toString('base64') } };
    return { result: got && got.status ? got.data : got };
  } catch (error) {
    if (!error.response) return { broken: String(error.stack || error) };
    return { status: error.response.status, refusal: error.response.data };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await answer(line)) + '\n');
  }
})();
