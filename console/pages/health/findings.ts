import type { DoctorReport, Finding } from '../../../core/doctor-report.js'
import { ERRORS_JA } from '../../../core/error-catalogue.ja.js'
import type { Master } from '../../../core/master.js'
import { messageInJapanese } from '../../../core/messages.ja.js'
import type { Environment } from '../../../core/options.js'
import { remedyInJapanese } from '../../../core/remedies.ja.js'
import { examineAll } from '../../../operations/doctor/index.js'
import { html, type Markup } from '../../markup/html.js'
import { pathOf } from '../../markup/layout.js'
import type { Visit } from '../../request/visit.js'
import { count } from '../../markup/format.js'

/** Looks through a master one at a time, however many people ask. */
export class Examinations {
  readonly #environment: Environment
  readonly #running = new Map<string, Promise<DoctorReport>>()

  constructor(environment: Environment) {
    this.#environment = environment
  }

  of({ master }: Master): Promise<DoctorReport> {
    const running = this.#running.get(master)
    if (running !== undefined) return running
    const begun = examineAll(this.#environment, { master, variables: Object.keys(process.env) }).finally(() =>
      this.#running.delete(master),
    )
    this.#running.set(master, begun)
    return begun
  }
}

/** Takes a few seconds: it comes after the page, or by its link. */
export function findingsToCome({ say }: Visit, master: Master): Markup {
  const path = `${pathOf(master, 'health')}/findings`
  return html`<div hx-get="${path}" hx-trigger="load" hx-swap="outerHTML">
    <h2>${say('診断', 'Findings')}</h2>
    <p class="card" role="status">
      <a href="${path}">${say('診断を実行', 'Examine everything that a run needs')}</a>
    </p>
  </div>`
}

export function findingsBox(visit: Visit, { checks, findings }: DoctorReport): Markup {
  const { say } = visit
  const made = checks.filter(({ ok }) => ok !== null).length
  const unseen = checks.length - made
  return html`<section>
    <h2>${say('診断', 'Findings')}</h2>
    ${
      findings.length === 0
        ? html`<p class="done">
            ${say(`異常なし（${count(made)} 項目を確認）`, `Nothing to mend (${count(made)} checks)`)}
          </p>`
        : findings.map((finding) => told(visit, finding))
    }
    ${unseen > 0 && html`<p class="soft">${say(`${count(unseen)} 項目は確認できませんでした`, `${count(unseen)} checks could not be made`)}</p>`}
  </section>`
}

function told({ say, language }: Visit, { code, message, remedy, database }: Finding): Markup {
  const ja = isCode(code) ? ERRORS_JA[code] : undefined
  return html`<div class="warning">
    <p>
      <strong>${say(messageInJapanese(message) ?? ja?.meaning ?? message, message)}</strong>
      <code>${code}</code>
      ${database !== null && html`<span class="soft small">${database}</span>`}
    </p>
    <p class="remedy">${say(remedyInJapanese(remedy) ?? ja?.remedy ?? remedy, remedy)}</p>
    ${
      language === 'ja' &&
      html`<details>
        <summary lang="en">English</summary>
        <p lang="en" class="remedy">${message}</p>
        <p lang="en" class="remedy">${remedy}</p>
      </details>`
    }
  </div>`
}

function isCode(code: string): code is keyof typeof ERRORS_JA {
  return Object.hasOwn(ERRORS_JA, code)
}
