import assert from 'node:assert/strict'
import { ScheduleOverlapPolicy } from '@temporalio/client'
import type { ScheduleNotice } from '../../core/notice.js'
import { scheduleId } from '../../core/names.js'
import type { ScheduleState } from '../../core/schedule-watch.js'
import { applySchedules, changeSchedules } from '../../operations/schedules.js'
import { describeSchedule } from '../../worker/describe-schedule.js'
import { lookAtSchedules, type WatchDeps } from '../../worker/watch-schedules.js'
import { until } from '../support/gates.js'
import { startWebhook, type WebhookServer } from '../support/webhook-server.js'
import { createWorld, texts, type World } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key);
  insert into orgs values ('1', '病院'); insert into targets values ('1')`

describe('the watch of workers over schedules', () => {
  let chat: WebhookServer
  let world: World
  before(async () => {
    chat = await startWebhook()
    world = await createWorld({
      source: SOURCE,
      master: { title: '医療機関マスタ', schedule: { cron: '0 3 * * *' } },
      env: { WEBHOOK_URL: chat.url },
    })
    await applySchedules(world.app, [world.master])
  })
  after(async () => {
    await changeSchedules(world.app, world.master, 'remove', 'after the test')
    await world.close()
    await chat.close()
  })

  interface Look {
    readonly told: ScheduleNotice[]
    readonly failed: unknown[]
    now(patch?: Partial<WatchDeps>): Promise<void>
  }

  function look(): Look {
    const told: ScheduleNotice[] = []
    const failed: unknown[] = []
    const deps: WatchDeps = {
      masters: () => [world.master],
      database: (variable) => world.app.databases.get('cloud', variable),
      describe: async (master) => describeSchedule(await world.app.temporal(), master),
      tell: (notice) => {
        told.push(notice)
        return Promise.resolve()
      },
      failed: (_, error) => failed.push(error),
    }
    return { told, failed, now: (patch) => lookAtSchedules({ ...deps, ...patch }) }
  }

  const missed = (count: number) => async (): Promise<ScheduleState> => {
    const found = await describeSchedule(await world.app.temporal(), world.master)
    assert.ok(found !== undefined)
    return { ...found, missed: count }
  }

  it('tells of runs that the schedule left out, once, to whoever looks first', async () => {
    const first = look()
    await first.now()
    assert.deepEqual([first.told, first.failed], [[], []])
    // Nobody carries out what is started: the others are left out. One by one, for several at once may count as one.
    const client = await world.app.temporal()
    const handle = client.schedule.getHandle(scheduleId(world.master))
    for (const left of [0, 1, 2]) {
      await handle.trigger(ScheduleOverlapPolicy.SKIP)
      await until(
        'the trigger to be seen',
        async () => {
          const { info } = await handle.describe()
          return info.runningActions.length === 1 && info.numActionsSkippedOverlap === left
        },
        100,
      )
    }
    const looks = [look(), look(), look()]
    await Promise.all(looks.map((each) => each.now()))
    await first.now()
    const all = [first, ...looks]
    assert.deepEqual(
      all.flatMap(({ told }) => told),
      [{ kind: 'skipped', master: world.name, count: 2 }],
    )
    assert.deepEqual(
      all.flatMap(({ failed }) => failed),
      [],
    )
  })

  it('tells of runs that were missed when a worker starts, in the chat, and not again at the next start', async () => {
    await look().now({ describe: missed(0) })
    await world.cloud.query('update master_sync.schedule_watch set missed = missed - 3')
    await world.work()
    await chat.has(1)
    const { text } = chat.received[0]?.body as { readonly text: string }
    assert.match(text, /^\*医療機関マスタ \(.*\): 定期実行が 3 回、開始されないまま過ぎました\*$/mu)
    assert.ok(text.includes(`\`master-sync start-sync ${world.name}\``), text)
    await look().now()
    assert.equal(chat.received.length, 1)
    assert.deepEqual(
      await texts(world.cloud, 'select missed, skipped, old_since from master_sync.schedule_watch'),
      [['0', '2', null]],
    )
  })

  it('tells again what did not arrive, and goes on with others where one cannot be looked at', async () => {
    const error = new Error('the chat is away')
    const away = look()
    await away.now({ describe: missed(1), tell: () => Promise.reject(error) })
    assert.deepEqual(away.failed, [error])
    const other = look()
    await other.now({
      masters: () => [
        {
          ...world.master,
          master: 'without_a_ledger',
          cloud: { ...world.master.cloud, database: 'NO_SUCH_URL' },
        },
        world.master,
      ],
      describe: missed(1),
    })
    assert.deepEqual(other.told, [{ kind: 'missed', master: world.name, count: 1 }])
    assert.equal(other.failed.length, 1)
    const gone = new Error('the folder cannot be read')
    await other.now({
      masters: () => {
        throw gone
      },
    })
    assert.equal(other.failed[1], gone)
  })

  it('tells once that a copy has grown old, and that its schedule is paused', async () => {
    assert.equal((await world.sync()).equal, true)
    await changeSchedules(world.app, world.master, 'pause', 'during the test')
    await world.cloud.query(`update master_sync.runs set closed_at = now() - interval '3 days'`)
    const aged = look()
    await aged.now()
    await aged.now()
    const [old, ...more] = aged.told.filter(({ kind }) => kind === 'old')
    assert.deepEqual(
      [old?.kind === 'old' && [old.paused, Math.round(old.seconds ?? 0)], more],
      [[true, 3 * 86_400], []],
    )
  })
})
