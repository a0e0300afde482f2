import { setLogLevel } from '../../services/log.ts';

// What goes well is nothing that whoever runs tests wants to read.
setLogLevel('error');
