export { importMaster } from './import-master.js'
export { syncMaster } from './sync-master.js'
