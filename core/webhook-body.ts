import type { Message } from './message.js'

export type WebhookForm = 'slack' | 'teams'

/** A message in the form that a chat's webhook takes. What servers say is plain text to it, never markup. */
export function webhookBody(text: Message, form: WebhookForm): object {
  return form === 'slack' ? { text: slackText(text) } : teamsMessage(text)
}

/** https://docs.slack.dev/messaging/formatting-message-text: only these three are escaped. */
function slackText({ title, lines, commands }: Message): string {
  const escape = (line: string): string =>
    line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return [
    `*${escape(title)}*`,
    ...lines.map(escape),
    ...commands.map((command) => `\`${escape(command)}\``),
  ].join('\n')
}

/**
 * What the Teams workflow "when a webhook request is received" takes: an Adaptive Card in a message. Text runs know no
 * Markdown, unlike text blocks.
 */
function teamsMessage({ title, lines, commands }: Message): object {
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [
      paragraph({ text: title, weight: 'Bolder', size: 'Medium' }),
      ...lines.map((text) => paragraph({ text })),
      ...commands.map((text) => paragraph({ text, fontType: 'Monospace' })),
    ],
  }
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  }
}

function paragraph(run: Readonly<Record<'text', string> & Record<string, string>>): object {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', ...run }] }
}
