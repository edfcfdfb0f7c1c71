// node's web-push, as many at once as our sender: `node web_push.js default|cached workload.json`.
const { readFileSync } = require('node:fs')
const { Agent } = require('node:https')
const webPush = require('web-push')

const [, , kind, path] = process.argv
const work = JSON.parse(readFileSync(path, 'utf8'))
const agent = new Agent({ keepAlive: true, maxSockets: work.at_once })
const origin = new URL(work.subscriptions[0][0]).origin
const subscriptions = work.subscriptions.map(([endpoint, p256dh, auth]) => ({ endpoint, keys: { p256dh, auth } }))
const vapidDetails = { subject: work.subject, publicKey: work.public_key, privateKey: work.private_key }
const signed = () =>
  webPush.getVapidHeaders(origin, work.subject, work.public_key, work.private_key, 'aes128gcm').Authorization
const usual = { TTL: 3600, urgency: 'high', topic: work.topic, contentEncoding: 'aes128gcm', agent }
const options = kind === 'cached' ? { ...usual, headers: { Authorization: signed() } } : { ...usual, vapidDetails }

async function send(count) {
  let next = 0
  const line = async () => {
    while (next < count) {
      const reply = await webPush.sendNotification(subscriptions[next++ % subscriptions.length], work.payload, options)
      if (reply.statusCode !== 201) throw new Error(`answered with ${reply.statusCode}`)
    }
  }
  await Promise.all(Array.from({ length: work.at_once }, line))
}

send(work.warm_up).then(() => {
  console.log('ready')
  process.stdin.once('data', async () => {
    const cpu = process.cpuUsage()
    const begun = process.hrtime.bigint()
    await send(work.messages)
    const used = process.cpuUsage(cpu)
    const seconds = Number(process.hrtime.bigint() - begun) / 1e9
    console.log(JSON.stringify({ seconds, cpu: (used.user + used.system) / 1e6 }))
    process.exit(0)
  })
})
