import { InMemoryLedger } from '../../support/in-memory-ledger';
import { describeLedger } from '../../support/ledger-conformance';

describeLedger('the ledger in memory', async () => new InMemoryLedger());
