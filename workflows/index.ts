export { syncMaster } from './sync-master.js'
