from pathlib import Path
from catalog.ingest.folder import read_folder
def test_x(tmp_path):
    for f in sorted(Path('/tmp/demo/delivery').iterdir()):
        r=read_folder(f,workplace=tmp_path)
        print(f.name,[ (x.file,x.row,x.column,x.message) for x in r.faults.found],[(k,p.duration_s,p.content_type) for k,p in r.probes.items()])
