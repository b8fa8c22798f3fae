import { Argument, Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { processEnvironment } from '../config/environment.js'
import { EXIT } from '../core/error-catalogue.js'
import { askPassword } from './ask-password.js'
import { guarded, say } from './command.js'
import { storeUser, USER_NAME } from '../console/access/users-file.js'
import { ROLES } from '../console/access/roles.js'
import { hashPassword } from '../console/access/password.js'

export const addUser = new Command('add-user')
  .description(
    'let somebody sign in to the web pages, or give them another password and role; asks for the password, or reads it from a pipe / 利用者の追加、パスワードと役割の変更',
  )
  .addArgument(
    new Argument(
      '<name>',
      'by which they sign in, and which is written down with what they do / 利用者名',
    ).argParser(nameOf),
  )
  .addOption(
    new Option(
      '--role <role>',
      'viewer: looks; editor: changes the list and starts runs, too; approver: decides, too / 役割',
    )
      .choices(ROLES)
      .makeOptionMandatory(),
  )
  .action(async (name, { role }) => {
    process.exitCode = await guarded(async () => {
      const file = processEnvironment().required('CONSOLE_USERS')
      const password = await hashPassword(await askPassword())
      const known = await storeUser(file, name, role, password)
      say(`${known ? 'changed / 変更' : 'added / 追加'}: ${name} (${role})`)
      return EXIT.done
    })
  })

function nameOf(text: string): string {
  const name = text.normalize('NFC')
  if (USER_NAME.test(name)) return name
  throw new InvalidArgumentError('it takes letters, digits and . _ @ - only, 64 at most')
}
