import type { Master } from '../../../core/master.js'
import { messageInJapanese } from '../../../core/messages.ja.js'
import type { Hold } from '../../../core/question.js'
import { form } from '../../markup/form.js'
import { html, type Markup } from '../../markup/html.js'
import { pathOf } from '../../markup/layout.js'
import { mayAs } from '../../access/roles.js'
import type { Visit } from '../../request/visit.js'
import { time } from '../../markup/format.js'

/** What can be started, and what each does. */
export function startForms(visit: Visit, master: Master): Markup | undefined {
  const { say, user } = visit
  if (!mayAs(user.role, 'editor')) return undefined
  const action = `${pathOf(master, 'runs')}/start`
  const waived = mayAs(user.role, 'approver') && !master.guards.approval_by_another
  return html`<section class="grid" aria-label="${say('実行を始める', 'Start a run')}">
    <div class="card">
      ${form(
        visit,
        action,
        html`<input type="hidden" name="mode" value="apply" />
          <button>${say('同期する', 'Sync now')}</button>
          <p class="small">
            ${say(
              '元マスタとクラウドを比べ、違いをクラウドへ書き込みます。上限を超える変更は保留し、承認を求めます。',
              'Compares both sides and writes the differences to the cloud. What is beyond a limit is held for approval.',
            )}
          </p>
          ${
            waived &&
            html`<label class="tick">
              <input type="checkbox" name="approve" value="1" />
              ${say('上限を超えても保留せずに書き込む', 'Write also what is beyond the limits')}
            </label>`
          }`,
      )}
    </div>
    <div class="card">
      ${form(
        visit,
        action,
        html`<input type="hidden" name="mode" value="plan" />
          <button class="second">${say('計画だけ見る', 'Plan only')}</button>
          <p class="small">
            ${say(
              '同期したら何が変わるかを数えます。クラウドには何も書き込みません。',
              'Counts what a sync would change. Nothing is written to the cloud.',
            )}
          </p>`,
      )}
    </div>
    <div class="card">
      ${form(
        visit,
        action,
        html`<input type="hidden" name="mode" value="verify" />
          <button class="second">${say('照合する', 'Verify')}</button>
          <p class="small">
            ${say(
              '同期中の行をすべて元マスタと照合し、一致しているかを確かめます。何も書き込みません。',
              'Compares every row that is kept in sync, and proves whether both sides are equal. Nothing is written.',
            )}
          </p>`,
      )}
    </div>
  </section>`
}

/** Of a master that writes nothing until somebody lifts that. */
export function holdBox(visit: Visit, master: Master, hold: Hold | undefined): Markup | undefined {
  if (hold === undefined) return undefined
  const { say, user } = visit
  return html`<div class="warning" role="status">
    <p>
      <strong>${say('停止中です。', 'On hold.')}</strong>
      ${say('解除するまで、実行しても何も書き込みません。', 'Runs write nothing until it is lifted.')}
    </p>
    <p>
      ${time(master, hold.at)} · ${hold.by} ·
      ${say(messageInJapanese(hold.reason) ?? hold.reason, hold.reason)}
    </p>
    ${
      mayAs(user.role, 'approver') &&
      form(
        visit,
        `${pathOf(master, 'decisions')}/resume`,
        html`<button>${say('再開する', 'Resume')}</button>
          <span class="small"
            >${say(
              '次の実行は、元マスタとの違いをまたクラウドへ書き込みます。定期実行が一時停止中なら、それも再開します。',
              'The next run writes the differences from the source again. A paused schedule is resumed as well.',
            )}</span
          >`,
      )
    }
  </div>`
}
